import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How long two processes that take over the same lock may be apart. */
const takeoverMs = 300;

/**
 * Whether this process is the one to take over a lock that was left. Removing it and making one's
 * own are two steps, so several that find it may each believe that they did: of those the last to
 * sign wins, and the others leave it as it is.
 * @param ownerPath a file beside the lock, for the signatures
 */
export async function winsTakeover(ownerPath: string): Promise<boolean> {
  const signature = randomBytes(8).toString("hex");
  writeFileSync(ownerPath, signature, { mode: 0o600 });
  await delay(takeoverMs);
  try {
    if (readFileSync(ownerPath, "utf8") !== signature) return false;
  } catch {
    // The one who won has removed it.
    return false;
  }
  rmSync(ownerPath, { force: true });
  return true;
}
