import { rmSync } from "node:fs";
import lockfile from "proper-lockfile";
import { CodedError } from "../../protocol/errors.ts";

/**
 * Takes the lock under which a host is started; what releases it, or `undefined` while another
 * process holds it. A lock whose holder was killed is free after two seconds.
 * @throws CodedError `HOME_NOT_WRITABLE`
 */
export async function takeLaunchLock(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await take(path);
  } catch (thrown) {
    if (codeOf(thrown) === "ELOCKED") return undefined;
    if (codeOf(thrown) !== "ENOTDIR") throw notWritable(path, thrown);
  }
  // Something that is no lock lies in its place.
  rmSync(path, { force: true });
  return undefined;
}

async function take(path: string): Promise<() => Promise<void>> {
  const release = await lockfile.lock(path, {
    lockfilePath: path,
    realpath: false,
    stale: 2000,
    update: 1000,
    // Another server took it over since this one stood still too long: the host's own check of
    // its socket decides then which of two hosts lives.
    onCompromised: () => undefined,
  });
  return () => release().catch(() => undefined);
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}

function notWritable(path: string, thrown: unknown): CodedError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new CodedError("HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
}
