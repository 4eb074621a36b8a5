/** Messages by which a process says that it begins or ends, and its clients that it is gone. */
const said: ReadonlySet<string> = new Set([
  "host listens",
  "host ends",
  "host cannot listen",
  "lost the model host",
  "the model host failed",
  "uncaught exception",
  "unexpected failure",
]);

const spoken =
  /^(?:the )?(?:language |model )?(?:server|host) (?:starts|started|listens|ends|ended|stops|stopped|retires|is restarted|restarts|restarted|died)\b/;

/** Longest message that may be one of these. */
export const longestRestart = 60;

/** Whether the message tells of a start, an end or a loss. */
export function isRestart(message: string): boolean {
  return said.has(message) || spoken.test(message);
}
