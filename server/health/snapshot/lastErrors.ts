import type { LogRecord, LogSink } from "../../logs/logger.ts";
import { errorCodes, type ErrorCode } from "../../protocol/errors.ts";
import type { LogService } from "../../protocol/logs.ts";

/** A failure as it was logged. */
export interface LoggedError {
  readonly time: string;
  readonly code?: ErrorCode;
  readonly message: string;
}

/** The last failure of each service, picked out of what is logged. */
export interface LastErrors extends LogSink {
  of(service: LogService): LoggedError | undefined;
}

/** Creates a sink that forgets all but the last error of each service. */
export function createLastErrors(): LastErrors {
  const last = new Map<LogService, LoggedError>();
  return {
    write({ level, service, time, message, fields }) {
      if (level !== "error") return;
      const code = errorCodes.find((each) => each === fields["code"]);
      last.set(service, {
        time,
        ...(code === undefined ? {} : { code }),
        message: describe(message, fields),
      });
    },
    of: (service) => last.get(service),
  };
}

/** The particulars say more than the stable phrase. */
function describe(message: string, fields: LogRecord["fields"]): string {
  const detail = fields["detail"];
  return typeof detail === "string" ? `${message}: ${detail}` : message;
}
