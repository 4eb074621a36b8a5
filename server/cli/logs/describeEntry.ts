import type { LogEntry } from "../../protocol/logs.ts";
import { escapeControls } from "../escapeControls.ts";

const colours = { error: 31, warn: 33, info: 36, debug: 90 } as const;

/** One record for people: time, level, service, message, then its fields; a stack on lines of its own. */
export function describeEntry(record: LogEntry, isColoured: boolean): string {
  const { time, level, service, message, stack, ...fields } = record;
  const paint = (text: string, colour: number): string =>
    isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text;
  const shown = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${escapeControls(name)}=${plain(value)}`],
  );
  const line = [
    paint(escapeControls(time), colours.debug),
    paint(level.padEnd(5), colours[level]),
    service.padEnd(10),
    escapeControls(message),
    ...shown,
  ].join("  ");
  if (typeof stack !== "string") return line;
  const frames = stack.split("\n").map((frame) => `    ${escapeControls(frame.trim())}`);
  return [line, ...frames].join("\n");
}

/** Without quotes where they are not needed to see where a value ends. */
function plain(value: unknown): string {
  const text =
    typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return escapeControls(text);
}
