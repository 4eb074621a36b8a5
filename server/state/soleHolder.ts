import { statSync } from "node:fs";
import lockfile from "proper-lockfile";
import { winsTakeover } from "./takeover.ts";

/** What is held by one process for as long as it works. */
export interface Hold {
  release(): Promise<void>;
}

export interface HoldOptions {
  /** The holder is known to be gone: its lock need not grow old first. */
  readonly abandoned?: boolean;
  /** Another process took it over, since this one stood still for too long. */
  readonly onLost: () => void;
}

/** A lock that was not touched for so long is nobody's. */
const staleMs = 10_000;
/** The same where its holder is gone: it touched it each second. */
const abandonedMs = 2000;

/**
 * Takes a lock for the time of a long work; undefined while another process holds it.
 * @throws what the system says where no lock can be made
 */
export async function takeHold(path: string, options: HoldOptions): Promise<Hold | undefined> {
  const stale = options.abandoned === true ? abandonedMs : staleMs;
  const age = ageOf(path);
  if (age !== undefined) {
    if (age > 0 && age < stale) return undefined;
    if (!(await winsTakeover(`${path}.owner`))) return undefined;
  }
  try {
    const release = await lockfile.lock(path, {
      lockfilePath: path,
      realpath: false,
      stale,
      update: 1000,
      onCompromised: options.onLost,
    });
    return { release: () => release().catch(() => undefined) };
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ELOCKED") return undefined;
    throw thrown;
  }
}

/** Whether a process holds it, by the age of its last touch. */
export function isHeld(path: string): boolean {
  const age = ageOf(path);
  return age !== undefined && age < staleMs;
}

/** Milliseconds since a lock was touched; undefined where there is none. */
function ageOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}
