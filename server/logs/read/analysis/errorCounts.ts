import { errorTable, type ErrorCode } from "../../../protocol/errors.ts";
import type { LogAnalysis, LogService } from "../../../protocol/logs.ts";

type Counted = LogAnalysis["errors"][number];

export interface Failure {
  readonly code: string | undefined;
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
  readonly service: LogService;
  readonly requestId: string | undefined;
}

/** Kinds of failures that are told apart; what comes after that is counted together. */
const mostKinds = 500;
const others = "other failures";

/** Counts failures by code and message; figures in messages do not make them different. */
export class ErrorCounts {
  private readonly counts = new Map<string, Counted>();

  add(failure: Failure): void {
    const { time, service } = failure;
    let key = keyOf(failure);
    if (!this.counts.has(key) && this.counts.size >= mostKinds) key = others;
    const counted = this.counts.get(key);
    if (counted === undefined) {
      this.counts.set(
        key,
        begin(key === others ? { ...failure, code: undefined, message: others } : failure),
      );
      return;
    }
    counted.count += 1;
    if (time < counted.firstTime) counted.firstTime = time;
    if (!counted.services.includes(service)) counted.services.push(service);
    if (time < counted.lastTime) return;
    counted.lastTime = time;
    // The newest is the one that is still worth looking at.
    if (failure.requestId !== undefined) counted.requestId = failure.requestId;
  }

  /** Most frequent first. */
  list(): Counted[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count).slice(0, 100);
  }
}

function begin({ code, message, time, service, requestId }: Failure): Counted {
  const known = code !== undefined && isKnown(code) ? code : undefined;
  return {
    ...(known === undefined ? {} : { code: known, remedy: errorTable[known].remedy }),
    message: (code === undefined || known !== undefined ? message : `${code}: ${message}`).slice(
      0,
      300,
    ),
    count: 1,
    firstTime: time,
    lastTime: time,
    services: [service],
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function keyOf({ code, message }: Failure): string {
  return `${code ?? ""} ${message.slice(0, 300).replace(/\d+/g, "0")}`;
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
