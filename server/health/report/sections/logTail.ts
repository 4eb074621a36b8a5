import type { LogEntry } from "../../../protocol/logs.ts";
import { fenced } from "../markdown.ts";
import type { LogTails } from "../readTails.ts";

/** Lines at warn and above, and of all levels. */
const mostImportant = 100;
const mostOfAll = 40;
/** Of one line; stack traces stand among the errors. */
const longestLine = 600;

/** The end of the logs of all processes: what is important, and everything of the last moments. */
export function logTailSection(
  records: readonly LogEntry[],
  tails: LogTails,
  redact: (text: string) => string,
): string {
  const important = records.filter(({ level }) => level === "error" || level === "warn");
  const broken = tails.files.reduce((sum, file) => sum + file.broken, 0);
  const unread = tails.files.flatMap(({ name, error }) =>
    error === undefined ? [] : [`${name}: ${error}`],
  );
  const problems = [
    ...(tails.error === undefined ? [] : [`The log folder cannot be read: ${tails.error}`]),
    ...unread.map((problem) => `Cannot be read: ${problem}`),
    ...(broken === 0 ? [] : [`Lines that are no records: ${broken}.`]),
  ];
  return [
    ...problems,
    `Warnings and errors, the last ${mostImportant} at most:`,
    linesOf(important.slice(-mostImportant), redact),
    `All levels, the last ${mostOfAll}:`,
    linesOf(records.slice(-mostOfAll), redact),
  ].join("\n\n");
}

function linesOf(records: readonly LogEntry[], redact: (text: string) => string): string {
  if (records.length === 0) return "None.";
  // Cut only then: half a secret is recognised no more.
  const lines = records.map((record) => redact(lineOf(record)).slice(0, longestLine));
  return fenced(lines.join("\n"));
}

function lineOf({ time, level, service, message, pid, ...fields }: LogEntry): string {
  const rest = Object.entries(fields).filter(([name]) => name !== "stack");
  const told = rest.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [time, level.padEnd(5), `${service}[${String(pid ?? "?")}]`, message, ...told].join(" ");
}
