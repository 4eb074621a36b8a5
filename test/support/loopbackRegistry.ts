import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a registry behaves; a well-behaved one by default. */
export interface RegistryBehaviour {
  /** Delivers these bytes in the place of the package. */
  readonly deliver?: Buffer;
  /** Answers everything with this status. */
  readonly status?: number;
  /** Accepts requests and never answers. */
  readonly silent?: boolean;
  /** Does not say which hash its package has. */
  readonly noIntegrity?: boolean;
}

export interface Registry {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  behave(behaviour: RegistryBehaviour): void;
  close(): Promise<void>;
}

/** The hash by which npm knows bytes. */
export function integrityOf(bytes: Buffer): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

/** Packs a folder as a registry delivers it. */
export function packFolder(folder: string): Buffer {
  const work = mkdtempSync(join(tmpdir(), "starcoder-pack-"));
  try {
    symlinkSync(folder, join(work, "package"));
    const file = join(work, "package.tgz");
    execFileSync("tar", ["-czhf", file, "-C", work, "package"]);
    return readFileSync(file);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** A registry on this machine that has one version of one package, whatever it is asked for. */
export function startRegistry(name: string, version: string, tarball: Buffer): Promise<Registry> {
  return startRegistryOf(version, () => ({ name, tarball }));
}

/** A registry on this machine that has one version of some packages, by their names. */
export function startPackages(
  version: string,
  tarballs: Readonly<Record<string, Buffer>>,
): Promise<Registry> {
  return startRegistryOf(version, (path) => {
    const name = Object.keys(tarballs).find(
      (each) => path === `/${each}` || path === `/${each}.tgz`,
    );
    const tarball = name === undefined ? undefined : tarballs[name];
    return name === undefined || tarball === undefined ? undefined : { name, tarball };
  });
}

async function startRegistryOf(
  version: string,
  find: (path: string) => { readonly name: string; readonly tarball: Buffer } | undefined,
): Promise<Registry> {
  const asked: string[] = [];
  let behaviour: RegistryBehaviour = {};
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    if (behaviour.silent === true) return;
    const found = find(path);
    if (behaviour.status !== undefined || found === undefined) {
      response.writeHead(behaviour.status ?? 404).end("{}");
      return;
    }
    const { name, tarball } = found;
    if (request.url?.endsWith(".tgz") === true) {
      response.writeHead(200).end(behaviour.deliver ?? tarball);
      return;
    }
    const integrity = behaviour.noIntegrity === true ? {} : { integrity: integrityOf(tarball) };
    const dist = { tarball: `${url}${name}.tgz`, ...integrity };
    const versions = { [version]: { name, version, dist } };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    asked,
    behave: (next) => (behaviour = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
