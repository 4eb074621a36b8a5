import { errorCodes } from "../../protocol/errors.ts";
import {
  logLevels,
  logServices,
  type LogFilter,
  type LogLevel,
  type LogService,
} from "../../protocol/logs.ts";
import { UsageError } from "../outcome.ts";

/** What `logs` and `logs analyse` are asked with, as it stands on the command line. */
export interface LogFlags {
  readonly json?: boolean;
  readonly service?: readonly string[];
  readonly level?: string;
  readonly since?: string;
  readonly until?: string;
  readonly grep?: string;
  readonly code?: string;
  readonly request?: string;
  readonly folder?: string;
  readonly lines?: string;
  readonly follow?: boolean;
}

const levels = logLevels.filter((level) => level !== "off");
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * The filter that flags describe.
 * @throws UsageError naming the flag and what it takes.
 */
export function toLogFilter(flags: LogFlags, now: Date): LogFilter {
  const { service, level, since, until, grep, code, request } = flags;
  const services = service?.flatMap((names) => names.split(",")).map(toService);
  return {
    ...(services === undefined ? {} : { services }),
    ...(level === undefined ? {} : { level: toLevel(level) }),
    ...(since === undefined ? {} : { since: toTime("--since", since, now) }),
    ...(until === undefined ? {} : { until: toTime("--until", until, now) }),
    ...(grep === undefined ? {} : { text: grep }),
    ...(code === undefined ? {} : { code: toCode(code) }),
    ...(request === undefined ? {} : { requestId: request }),
  };
}

/** How many records are wanted; 0: all. @throws UsageError */
export function toLines(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) {
    throw new UsageError("--lines takes a whole number, 0 for all records.");
  }
  return Number(text);
}

function toService(name: string): LogService {
  const service = logServices.find((known) => known === name);
  if (service === undefined) {
    throw new UsageError(`--service takes ${listOf(logServices)}, not "${name}".`);
  }
  return service;
}

function toLevel(name: string): Exclude<LogLevel, "off"> {
  const level = levels.find((known) => known === name);
  if (level === undefined) throw new UsageError(`--level takes ${listOf(levels)}, not "${name}".`);
  return level;
}

/** Codes of other versions may stand in a log, too: only what can be no code is refused. */
function toCode(text: string): string {
  const code = text.toUpperCase();
  if (!/^[A-Z][A-Z0-9_]*$/.test(code)) {
    throw new UsageError(`--code takes an error code such as ${errorCodes[0]}, not "${text}".`);
  }
  return code;
}

/** `10m`, `2h`, `1d` ago, or an ISO time. */
function toTime(flag: string, text: string, now: Date): string {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  const unit = units[ago?.[2] ?? ""];
  if (ago !== null && unit !== undefined) {
    return new Date(now.getTime() - Number(ago[1]) * unit * 1000).toISOString();
  }
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(
      `${flag} takes a time such as 2026-01-31T12:00:00Z, or 10m, 2h or 1d for as long ago, not "${text}".`,
    );
  }
  return new Date(time).toISOString();
}

function listOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}
