import type { LogEntry, LogRow } from "../../server/protocol/logs.ts";
import { formatMs } from "../parts/format.ts";

/** `14:03:27.123` in the reader's time zone, with the day before it unless it is today's. */
export function formatRowTime(iso: string, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const clock = `${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  if (date.toDateString() === now.toDateString()) return clock;
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.getFullYear() === now.getFullYear()
    ? `${day} ${clock}`
    : `${date.getFullYear()}-${day} ${clock}`;
}

const namedFields = new Set([
  "time",
  "level",
  "service",
  "message",
  "pid",
  "code",
  "requestId",
  "durationMs",
  "tokensUsed",
  "stack",
]);

/** Fields beyond those with a place of their own, in one line: `backend=cpu tokens=12`. */
export function otherFields(record: LogEntry): string {
  return Object.entries(record)
    .filter(([name, value]) => !namedFields.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${shortValue(value)}`)
    .join(" ");
}

/** The record as indented JSON, and its stack as the text that it is. */
export function detailsOf(record: LogEntry): { readonly json: string; readonly stack?: string } {
  const { stack, ...rest } = record;
  return typeof stack === "string" && stack.includes("\n")
    ? { json: JSON.stringify(rest, undefined, 2), stack }
    : { json: JSON.stringify(record, undefined, 2) };
}

/** What is copied of rows: the records as JSON lines, as they stand in the files. */
export function toJsonLines(rows: readonly LogRow[]): string {
  return rows.map(({ record }) => `${JSON.stringify(record)}\n`).join("");
}

/** A row in words, for those who hear it. */
export function spokenRow({ record }: LogRow): string {
  return [
    record.level,
    record.service,
    record.message,
    ...(record.code === undefined ? [] : [record.code]),
    ...(record.durationMs === undefined ? [] : [formatMs(record.durationMs)]),
  ].join(", ");
}

/** The end of a long id, which is what differs between neighbours. */
export function shortId(requestId: string): string {
  return requestId.length <= 12 ? requestId : `…${requestId.slice(-10)}`;
}

/** The last part of a path, for either kind of slash. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function shortValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const oneLine = text.replaceAll(/\s+/g, " ");
  return oneLine.length > 120 ? `${oneLine.slice(0, 119)}…` : oneLine;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
