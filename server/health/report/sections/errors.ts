import type { LogEntry } from "../../../protocol/logs.ts";
import { fenced } from "../markdown.ts";

/** Different errors that are told of, the latest first. */
const mostErrors = 10;
/** Lines of one stack trace. */
const stackLines = 12;

interface Repeated {
  readonly last: LogEntry;
  count: number;
}

/** The latest errors, each kind once, with the stack trace of its last time. */
export function errorsSection(records: readonly LogEntry[]): string {
  const kinds = new Map<string, Repeated>();
  const latestFirst = records.filter(({ level }) => level === "error").toReversed();
  for (const last of latestFirst) {
    const kind = JSON.stringify([last.service, last.message, last.code]);
    const known = kinds.get(kind);
    if (known !== undefined) known.count += 1;
    else kinds.set(kind, { last, count: 1 });
  }
  if (kinds.size === 0) return "None in the logs.";
  return [...kinds.values()].slice(0, mostErrors).map(describe).join("\n\n");
}

function describe({ last, count }: Repeated): string {
  const { time, service, message, code, requestId, detail, stack } = last;
  const parts = [
    `- **${service}: ${message}**`,
    ...(code === undefined ? [] : [`(${code})`]),
    `${count === 1 ? "once" : `${count} times`}, last ${time}`,
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  const text = typeof stack === "string" && stack !== "" ? stack : detail;
  if (typeof text !== "string") return parts.join(" ");
  const trace = text.split("\n").slice(0, stackLines).join("\n");
  return `${parts.join(" ")}\n\n${fenced(trace)}`;
}
