import {
  logLevels,
  logServices,
  type LogAnalysis,
  type LogFilter,
  type LogService,
} from "../../../protocol/logs.ts";
import { openLogFolder } from "../logFolder.ts";
import { createMatcher } from "../matcher.ts";
import { textOf, type RecordScan } from "../recordScan.ts";
import { LogScanner, type LineReader } from "../scanLog.ts";
import { ErrorCounts } from "./errorCounts.ts";
import { Histogram } from "./histogram.ts";
import { PatternCounts } from "./patterns.ts";
import { isRestart, longestRestart } from "./restarts.ts";
import { TimelineCounts } from "./timeline.ts";
import { TopRequests } from "./topRequests.ts";

/** Restarts that are listed, the newest. */
const mostRestarts = 200;
const errorLevel = logLevels.indexOf("error");
const warnLevel = logLevels.indexOf("warn");
const processes: ReadonlySet<LogService> = new Set(["server", "host"]);

/**
 * Goes through the logs of a folder once; memory does not grow with them. A failure is a record of
 * level error, or one with a code, whatever its level.
 * @throws CodedError `LOG_UNREADABLE` when the folder cannot be listed.
 */
export async function analyseLogs(options: {
  readonly folder: string;
  readonly filter: LogFilter;
  readonly signal: AbortSignal;
}): Promise<LogAnalysis> {
  const { filter, signal } = options;
  const folder = openLogFolder(options.folder);
  const counts = createCounts();
  const matcher = createMatcher(filter);
  try {
    await folder.refresh();
    const reader: LineReader = {
      beginWindow: (bytes, from, to) => matcher.beginWindow(bytes, from, to),
      take(scan, bytes, from, to) {
        if (matcher.isMatch(scan, bytes, from, to)) counts.add(scan, bytes, from, to);
      },
    };
    const scanner = new LogScanner(reader, signal);
    for (const log of folder.logs) await scanner.read(log);
    const files = folder.describe();
    const brokenLines = files.reduce((sum, file) => sum + (file.brokenLines ?? 0), 0);
    return { ...counts.result(), brokenLines, files };
  } finally {
    await folder.close();
  }
}

function createCounts() {
  const levels = logLevels.map(() => 0);
  const services = logServices.map(() => 0);
  const latency = logServices.map(() => new Histogram());
  const errors = new ErrorCounts();
  const patterns = new PatternCounts();
  const slowest = new TopRequests();
  const mostTokens = new TopRequests();
  const timeline = new TimelineCounts();
  let restarts: LogAnalysis["restarts"] = [];
  let first = Infinity;
  let last = -Infinity;

  function addFailure(scan: RecordScan, bytes: Buffer, from: number, to: number): void {
    const code = scan.codeFrom < 0 ? undefined : textOf(bytes, scan.codeFrom, scan.codeTo);
    const message = textOf(bytes, scan.messageFrom, scan.messageTo);
    const time = new Date(scan.time).toISOString();
    const service = logServices[scan.service] ?? "server";
    const requestId =
      scan.requestFrom < 0 ? undefined : textOf(bytes, scan.requestFrom, scan.requestTo);
    patterns.add(code, detailsOf(message, bytes, from, to), time);
    if (scan.level === errorLevel || code !== undefined) {
      errors.add({ code, message, time, service, requestId });
    }
  }

  function addRestart(scan: RecordScan, bytes: Buffer): void {
    const service = logServices[scan.service] ?? "server";
    if (!processes.has(service) || scan.messageTo - scan.messageFrom > longestRestart) return;
    const message = textOf(bytes, scan.messageFrom, scan.messageTo);
    if (!isRestart(message)) return;
    restarts.push({ time: new Date(scan.time).toISOString(), service, message });
    if (restarts.length > 4 * mostRestarts) restarts = newest(restarts);
  }

  return {
    add(scan: RecordScan, bytes: Buffer, from: number, to: number): void {
      const { time, level, service, durationMs, tokensUsed } = scan;
      levels[level] = (levels[level] ?? 0) + 1;
      services[service] = (services[service] ?? 0) + 1;
      if (time < first) first = time;
      if (time > last) last = time;
      timeline.add(time, level, durationMs);
      if (durationMs >= 0) {
        latency[service]?.add(durationMs);
        slowest.add(durationMs, scan, bytes);
      }
      if (tokensUsed > 0) mostTokens.add(tokensUsed, scan, bytes);
      if (level <= warnLevel || scan.codeFrom >= 0) addFailure(scan, bytes, from, to);
      addRestart(scan, bytes);
    },
    result(): Omit<LogAnalysis, "brokenLines" | "files"> {
      const records = levels.reduce((sum, count) => sum + count, 0);
      const times = { from: new Date(first), to: new Date(last) };
      return {
        ...(records === 0 ? {} : { from: times.from.toISOString(), to: times.to.toISOString() }),
        records,
        levels: Object.fromEntries(
          logLevels.slice(1).map((name, at) => [name, levels[at + 1] ?? 0]),
        ),
        services: byService(services.map((count) => (count === 0 ? undefined : count))),
        errors: errors.list(),
        latency: byService(latency.map((all) => (all.count === 0 ? undefined : all.summary()))),
        slowest: slowest.list(),
        mostTokens: mostTokens.list(),
        restarts: newest(restarts),
        patterns: patterns.list(),
        timeline: timeline.list(),
      };
    },
  };
}

function newest(restarts: LogAnalysis["restarts"]): LogAnalysis["restarts"] {
  return restarts.sort((a, b) => (a.time < b.time ? -1 : 1)).slice(-mostRestarts);
}

/** Values by service, without those that have none. */
function byService<T>(values: readonly (T | undefined)[]): Record<string, T> {
  const found: Record<string, T> = {};
  logServices.forEach((service, at) => {
    const value = values[at];
    if (value !== undefined) found[service] = value;
  });
  return found;
}

/** Fields in which failures say more. */
const telling = ["detail", "reason", "error", "event", "stack"];

/** Message and details of a failure, for people and for the search of known words. */
function detailsOf(message: string, bytes: Buffer, from: number, to: number): string {
  // A line of a megabyte says what it has to say at its beginning.
  if (to - from > 65_536) return message;
  try {
    const record: unknown = JSON.parse(bytes.toString("utf8", from, to));
    if (typeof record !== "object" || record === null) return message;
    const fields = Object.entries(record).flatMap(([key, value]: [string, unknown]) =>
      telling.includes(key) && typeof value === "string" ? [value.slice(0, 500)] : [],
    );
    return [message, ...fields].join(": ");
  } catch {
    return message;
  }
}
