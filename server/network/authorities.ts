import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/**
 * Certificates of the authorities that are trusted: Node's own, the system's where Node can read
 * them, and those in the files that `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE` name. A file that
 * cannot be read is passed over, as Node does.
 */
export function readAuthorities(env: Readonly<Record<string, string | undefined>>): string[] {
  const found = new Set<string>(certificatesOf("default") ?? tls.rootCertificates);
  for (const certificate of certificatesOf("system") ?? []) found.add(certificate);
  for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) {
    const path = env[name];
    if (path === undefined || path === "") continue;
    try {
      found.add(readFileSync(path, "utf8"));
    } catch {
      // What it would have vouched for fails with its own reason.
    }
  }
  return [...found];
}

/** What connections trust: `readAuthorities`, parsed, which takes some milliseconds. */
export function createTrust(env: Readonly<Record<string, string | undefined>>): tls.SecureContext {
  return tls.createSecureContext({ ca: readAuthorities(env) });
}

/** Since Node 22.15. */
function certificatesOf(type: "default" | "system"): readonly string[] | undefined {
  const read: unknown = Reflect.get(tls, "getCACertificates");
  if (typeof read !== "function") return undefined;
  try {
    return (read as (type: string) => readonly string[])(type);
  } catch {
    return undefined;
  }
}
