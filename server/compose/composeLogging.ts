import { createFileSink } from "../logs/fileSink.ts";
import { createLogger, type Logger, type LogSink } from "../logs/logger.ts";
import type { HostLogSettings } from "../protocol/host.ts";
import { logLevelSchema, logLevelVariable, type LogLevel } from "../protocol/logs.ts";
import type { Settings } from "../protocol/settings.ts";
import { openHome } from "../state/home.ts";

/** How the product logs at the moment; changes count from the next record on. */
export interface LogControl {
  /** What is in force: the override, else `STARCODER_LOG_LEVEL`, else the setting. */
  readonly level: LogLevel;
  /** Whether source text may be written. */
  readonly source: boolean;
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
  });
  let told = current();

  function refresh(): void {
    const next = current();
    if (next.level === told.level && next.source === told.source) return;
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
  const variable = "variable" in options ? options.variable : process.env[logLevelVariable];
  const control = createLogControl(options.settings, variable);
  const file = openLogFile(options.homePath, options.logName);
  const logger = createLogger({
    service: "server",
    sinks: [...options.sinks, ...(file === undefined ? [] : [file])],
    level: () => control.level,
    now: () => new Date(),
  });
  return { control, logger, close: () => file?.close() };
}

/** A home that cannot be written costs the log file, not the start; the engine reports it. */
function openLogFile(homePath: string, name: string) {
  try {
    return createFileSink({ folder: openHome(homePath).logs, name });
  } catch {
    return undefined;
  }
}
