import { logLevels, logServices, type LogFilter } from "../../protocol/logs.ts";
import { createTextSearch } from "./textSearch.ts";
import { isSame, type RecordScan } from "./recordScan.ts";

/** Says which records are wanted. */
export interface Matcher {
  /** To be called with each window before its records are asked for, in their order. */
  beginWindow(bytes: Buffer, from: number, to: number): void;
  isMatch(scan: RecordScan, bytes: Buffer, from: number, to: number): boolean;
  /** Milliseconds since 1970: nothing before this is wanted. */
  readonly since: number;
}

/** Matches what passes every part of the filter. A time that is none does not restrict. */
export function createMatcher(filter: LogFilter): Matcher {
  const services =
    filter.services === undefined || filter.services.length === 0
      ? undefined
      : logServices.map((name) => filter.services?.includes(name) === true);
  const level = logLevels.indexOf(filter.level ?? "debug");
  const since = timeOr(filter.since, -Infinity);
  const until = timeOr(filter.until, Infinity);
  const code = bytesOf(filter.code);
  const requestId = bytesOf(filter.requestId);
  const text = filter.text ? createTextSearch(filter.text) : undefined;
  return {
    since,
    beginWindow: (bytes, from, to) => text?.beginWindow(bytes, from, to),
    isMatch(scan, bytes, from, to) {
      if (scan.level > level || scan.time < since || scan.time > until) return false;
      if (services !== undefined && services[scan.service] !== true) return false;
      if (code !== undefined && !isSame(bytes, scan.codeFrom, scan.codeTo, code)) return false;
      if (
        requestId !== undefined &&
        (scan.requestFrom < 0 || !isSame(bytes, scan.requestFrom, scan.requestTo, requestId))
      ) {
        return false;
      }
      return text?.isIn(bytes, from, to) ?? true;
    },
  };
}

/** As it stands in a JSON string. */
function bytesOf(text: string | undefined): Buffer | undefined {
  return text ? Buffer.from(JSON.stringify(text).slice(1, -1)) : undefined;
}

function timeOr(text: string | undefined, otherwise: number): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? otherwise : time;
}
