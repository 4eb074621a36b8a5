/** From most to least important; `off` writes nothing. */
export const logLevels = ["off", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Which part of the product speaks. */
export type LogService = "completion" | "review" | "workflow" | "host" | "server";

/** What a record may carry beside its message; never source text. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: Exclude<LogLevel, "off">;
  readonly service: LogService;
  /** What happened: a short stable phrase, particulars go into the fields. */
  readonly message: string;
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
  /** The time of day; injected so that tests own it. */
  readonly now: () => Date;
}

export function createLogger(options: LoggerOptions): Logger {
  const write = (level: LogRecord["level"], message: string, fields: LogFields = {}): void => {
    if (logLevels.indexOf(level) > logLevels.indexOf(options.level())) return;
    const { service } = options;
    const record = { time: options.now().toISOString(), level, service, message, fields };
    for (const sink of options.sinks) sink.write(record);
  };
  return {
    error: (message, fields) => write("error", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    info: (message, fields) => write("info", message, fields),
    debug: (message, fields) => write("debug", message, fields),
    for: (service) => createLogger({ ...options, service }),
  };
}
