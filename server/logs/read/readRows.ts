import { readSync } from "node:fs";
import { logLevels, logRecordSchema, type LogEntry, type LogRow } from "../../protocol/logs.ts";
import type { OpenLog } from "./logFolder.ts";
import type { Match } from "./matchIndex.ts";
import { longestLine } from "./scanLog.ts";

/** A line longer than this is shown without the ends of its long texts. */
const longLine = 64 * 1024;
const longText = 2000;

/** Reads the records of matches; one that is no longer there is replaced by a record that says so. */
export function readRows(logs: readonly OpenLog[], matches: readonly Match[]): LogRow[] {
  return matches.map(({ file, offset, time }) => {
    const log = logs[file];
    const record = log === undefined ? undefined : readRecord(log, offset);
    return { record: record ?? goneAt(time), path: log?.path ?? "", offset };
  });
}

function readRecord(log: OpenLog, offset: number): LogEntry | undefined {
  try {
    const line = readLine(log, offset);
    const json: unknown = JSON.parse(line.toString("utf8"));
    const record = logRecordSchema.safeParse(line.length > longLine ? shorten(json) : json);
    return record.success ? record.data : undefined;
  } catch {
    return undefined;
  }
}

/** At once: a page is a thousand short pieces of files that were just read. */
function readLine({ handle }: OpenLog, offset: number): Buffer {
  for (let size = 1024; ; size *= 8) {
    const bytes = Buffer.allocUnsafe(size);
    const text = bytes.subarray(0, readSync(handle.fd, bytes, 0, size, offset));
    const end = text.indexOf(10);
    if (end >= 0 || text.length < size || size > longestLine) {
      return end < 0 ? text : text.subarray(0, end);
    }
  }
}

function goneAt(time: number): LogEntry {
  const message = "a record that was removed from its file, or is damaged";
  return { time: new Date(time).toISOString(), level: logLevels[3], service: "server", message };
}

function shorten(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).slice(0, 200);
  return Object.fromEntries(
    entries.map(([key, field]: [string, unknown]) => {
      const text = typeof field === "object" ? JSON.stringify(field) : field;
      if (typeof text !== "string" || text.length <= longText) return [key, field];
      const more = text.length - longText;
      return [key, `${text.slice(0, longText)}… (${more} characters more)`];
    }),
  );
}
