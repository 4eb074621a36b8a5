import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** File of the certificate: an authority to those who name it in `NODE_EXTRA_CA_CERTS`. */
  readonly path: string;
  readonly remove: () => void;
}

/** Whether certificates can be made here. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A self-signed certificate made by openssl; `days` below 0: one that has expired. */
export function createCertificate({ name = "localhost", days = 30 } = {}): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-cert-"));
  const file = (base: string, content?: string): string => {
    const path = join(folder, base);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
  const key = file("key.pem");
  const cert = file("cert.pem");
  const request = file("request.pem");
  const extensions = file("extensions", `subjectAltName=DNS:${name}\nbasicConstraints=CA:TRUE\n`);
  const configuration = file(
    "ca.cnf",
    [
      ...["[ca]", "default_ca=own", "[own]"],
      `database=${file("index", "")}`,
      `serial=${file("serial", "01\n")}`,
      ...[`new_certs_dir=${folder}`, "default_md=sha256", "policy=any"],
      ...["[any]", "commonName=supplied", ""],
    ].join("\n"),
  );
  const run = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  run(
    "req",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    key,
    "-out",
    request,
  );
  run(
    ...["ca", "-batch", "-selfsign", "-config", configuration, "-keyfile", key, "-in", request],
    ...["-out", cert, "-notext", "-extfile", extensions],
    ...["-startdate", inDays(Math.min(days, 0) - 10), "-enddate", inDays(days)],
  );
  return {
    key: readFileSync(key, "utf8"),
    cert: readFileSync(cert, "utf8"),
    path: cert,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** As openssl writes times: `20260101120000Z`. */
function inDays(days: number): string {
  const time = new Date(Date.now() + days * 86_400_000).toISOString();
  return time.replace(/[-:T]/g, "").replace(/\.\d+/, "");
}
