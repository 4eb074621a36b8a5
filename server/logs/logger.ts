import { logLevels, type LogEntry, type LogLevel, type LogService } from "../protocol/logs.ts";
import { withoutSource } from "./sourceFields.ts";

/** What a record may carry beside its message; source text only under names of `sourceFields`. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A record on its way: `LogEntry` with its fields apart. */
export interface LogRecord extends Readonly<
  Pick<LogEntry, "time" | "level" | "service" | "message">
> {
  readonly fields: LogFields;
}

/** Where records go. Must not throw: a log that cannot be written never breaks the work. */
export interface LogSink {
  write(record: LogRecord): void;
}

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** The same sinks and level under another service's name. */
  for(service: LogService): Logger;
}

export interface LoggerOptions {
  readonly service: LogService;
  readonly sinks: readonly LogSink[];
  /** Asked at each record, so that a changed setting counts at once. */
  readonly level: () => LogLevel;
  /** Whether source text may be written; asked at each record that has some. Never, if absent. */
  readonly source?: () => boolean;
  /** Takes secrets and private paths out of every text field. */
  readonly redact?: (text: string) => string;
  /** The time of day; injected so that tests own it. */
  readonly now: () => Date;
}

export function createLogger(options: LoggerOptions): Logger {
  const { sinks, service, source = () => false, redact = asIs } = options;
  const write = (level: LogRecord["level"], message: string, given: LogFields = {}): void => {
    if (rank[level] > rank[options.level()]) return;
    const fields = clean(withoutSource(given, source), redact);
    const record = { time: options.now().toISOString(), level, service, message, fields };
    for (const sink of sinks) sink.write(record);
  };
  return {
    error: (message, fields) => write("error", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    info: (message, fields) => write("info", message, fields),
    debug: (message, fields) => write("debug", message, fields),
    for: (other) => createLogger({ ...options, service: other }),
  };
}

const asIs = (text: string): string => text;

const rank = Object.fromEntries(logLevels.map((level, index) => [level, index])) as Readonly<
  Record<LogLevel, number>
>;

/** Without what has no value; a thousandth of a millisecond is enough. */
function clean(fields: LogFields, redact: (text: string) => string): LogFields {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") kept[name] = redact(value);
    else if (typeof value === "number") {
      // JSON has no others, and a record with `null` for a duration is none to its readers.
      if (Number.isFinite(value)) kept[name] = Math.round(value * 1000) / 1000;
    } else if (value !== undefined) kept[name] = value;
  }
  return kept;
}
