import type { Clock } from "../clock.ts";
import type { HostProcesses } from "./hostProcess.ts";
import type { Session } from "./session.ts";

/** How long a host that was left may take to end; other windows may be using it on. */
const endsWithinMs = 5000;
const lookEveryMs = 50;

/**
 * Settles when a host that was told to retire has given its memory back, or stays for others. What
 * runs on it is waited for.
 */
export function untilGone(
  session: Session,
  processes: Pick<HostProcesses, "isAlive">,
  clock: Clock,
): Promise<void> {
  return new Promise((resolve) => {
    session.connection.onEnd(() => {
      const end = clock.now() + endsWithinMs;
      const look = (): void => {
        if (!processes.isAlive(session.pid) || clock.now() >= end) resolve();
        else clock.after(lookEveryMs, look);
      };
      look();
    });
  });
}
