import { join } from "node:path";
import { createLogFile } from "../logs/logFile.ts";
import { createLogger, type Logger, type LogSink } from "../logs/logger.ts";
import { readPrivateFacts } from "../logs/privateFacts.ts";
import { createRedact } from "../logs/redact.ts";
import type { HostLogSettings } from "../protocol/host.ts";
import { logLevels, logLevelSchema, logLevelVariable, type LogLevel } from "../protocol/logs.ts";
import type { Settings } from "../protocol/settings.ts";

/** How the product logs at the moment; changes count from the next record on. */
export interface LogControl {
  /** What is in force: the override, else `STARCODER_LOG_LEVEL`, else the setting. */
  readonly level: LogLevel;
  /** Whether source text may be written. */
  readonly source: boolean;
  /** All of it, as the host is told. */
  readonly current: HostLogSettings;
  /** Sets a level that goes before variable and setting; `undefined` ends that. */
  override(level: LogLevel | undefined): void;
  /** Called when what is in force has changed; returns what ends the subscription. */
  onChange(listener: (settings: HostLogSettings) => void): () => void;
  /** The settings have changed: looks at them anew. */
  refresh(): void;
}

/** @param variable what `STARCODER_LOG_LEVEL` holds; what is no level is ignored. */
export function createLogControl(
  settings: () => Settings,
  variable: string | undefined,
): LogControl {
  const listeners = new Set<(settings: HostLogSettings) => void>();
  const fixed = logLevelSchema.safeParse(variable).data;
  let overriding: LogLevel | undefined;
  const current = (): HostLogSettings => ({
    level: overriding ?? fixed ?? settings()["log.level"],
    source: settings()["log.source"],
    maxMegabytes: settings()["log.maxMegabytes"],
  });
  let told = current();

  function refresh(): void {
    const next = current();
    if (JSON.stringify(next) === JSON.stringify(told)) return;
    told = next;
    for (const listener of [...listeners]) listener(next);
  }

  return {
    get level() {
      return current().level;
    },
    get source() {
      return current().source;
    },
    get current() {
      return current();
    },
    override(level) {
      overriding = level;
      refresh();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
  };
}

/** The log of one process: its control, its logger, and what writes the last lines. */
export function composeLogging(options: {
  readonly homePath: string;
  /** Name of the log file, without extension. */
  readonly logName: string;
  readonly sinks: readonly LogSink[];
  readonly settings: () => Settings;
  readonly variable?: string | undefined;
}): { readonly control: LogControl; readonly logger: Logger; readonly close: () => void } {
  const { settings } = options;
  const variable = "variable" in options ? options.variable : process.env[logLevelVariable];
  const control = createLogControl(settings, variable);
  const file = createLogFile({
    folder: join(options.homePath, "logs"),
    name: options.logName,
    maxTotalBytes: () => settings()["log.maxMegabytes"] * 1024 * 1024,
  });
  const redact = createRedact(readPrivateFacts());
  const logger = createLogger({
    service: "server",
    sinks: [...options.sinks, file],
    level: () => control.level,
    source: () => control.source,
    redact: (text) => redact(text).text,
    now: () => new Date(),
  });
  if (variable !== undefined && variable !== "" && !logLevelSchema.safeParse(variable).success) {
    const detail = `${logLevelVariable} holds ${JSON.stringify(variable.slice(0, 40))}; it may be ${logLevels.join(", ")}. It is ignored.`;
    logger.warn("an environment variable is not valid", { code: "VALIDATION_ERROR", detail });
  }
  return { control, logger, close: () => file.close() };
}
