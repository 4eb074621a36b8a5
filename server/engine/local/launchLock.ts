import { existsSync, rmSync } from "node:fs";
import lockfile from "proper-lockfile";
import { CodedError } from "../../protocol/errors.ts";
import { winsTakeover } from "../../state/takeover.ts";

/** A lock that its holder has not touched for so long was left by a process that is gone. */
const staleMs = 2000;

/**
 * Takes the lock under which a host is started; what releases it, or `undefined` while another
 * process holds it. A lock whose holder was killed is free after two seconds.
 * @throws CodedError `HOME_NOT_WRITABLE`
 */
export async function takeLaunchLock(path: string): Promise<(() => Promise<void>) | undefined> {
  const left = existsSync(path);
  try {
    const release = await lockfile.lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: staleMs,
      update: staleMs / 2,
      // Another server took it over since this one stood still too long: the host's own look at
      // its socket decides then which of two hosts lives.
      onCompromised: () => undefined,
    });
    if (left && !(await winsTakeover(`${path}.owner`))) return undefined;
    return () => release().catch(() => undefined);
  } catch (thrown) {
    if (codeOf(thrown) === "ELOCKED") return undefined;
    if (codeOf(thrown) !== "ENOTDIR") throw notWritable(path, thrown);
  }
  // Something that is no lock lies in its place.
  rmSync(path, { force: true });
  return undefined;
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}

function notWritable(path: string, thrown: unknown): CodedError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new CodedError("HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
}
