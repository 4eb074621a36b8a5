import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { locateHome } from "../state/home.ts";
import { createLogReader } from "./read/logReader.ts";

/*
 * The log reader: a process that the extension forks, `logs.mjs [FOLDER]`, so that logs of hundreds
 * of megabytes are looked through beside the editor and not in it. Speaks `viewMessageSchema` over
 * its IPC channel and ends with it.
 */

// Behind typing, but not so far that somebody who opens the viewer waits for a busy machine.
const priority = process.platform === "win32" ? constants.priority.PRIORITY_BELOW_NORMAL : 5;
try {
  setPriority(priority);
} catch {
  // Not everybody may; then it is as important as others.
}
const reader = createLogReader({
  folder: process.argv[2] ?? join(locateHome(), "logs"),
  // The viewer may be gone: its channel's end ends the process.
  send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
  now: () => performance.now(),
});
process.on("message", (message) => void reader.receive(message));
process.on("disconnect", () => process.exit(0));
if (process.send === undefined) {
  process.stderr.write("The log reader speaks over an IPC channel only.\n");
  process.exitCode = 2;
}
