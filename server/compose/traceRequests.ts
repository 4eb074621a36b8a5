import { stepsOf, textOf } from "../completion/explain/steps.ts";
import type { TraceEvent } from "../completion/explain/trace.ts";
import type { Completer } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { Logger } from "../logs/logger.ts";

/** Attaches traces to requests and logs their steps, while it is on. */
export interface RequestTracing {
  on: boolean;
}

/** The completer with its requests traced into the log while `tracing` is on; else the same. */
export function traceRequests(
  completer: Completer,
  tracing: RequestTracing,
  clock: Clock,
  log: Pick<Logger, "debug">,
): Completer {
  return {
    ...completer,
    complete(request, signal) {
      if (!tracing.on || request.trace !== undefined) return completer.complete(request, signal);
      const startedAt = clock.now();
      const { requestId } = request;
      const trace = (event: TraceEvent): void => {
        const atMs = Math.round((clock.now() - startedAt) * 10) / 10;
        const text = textOf(event);
        for (const { name, outcome, detail } of stepsOf(event, false)) {
          log.debug("trace", {
            ...{ requestId, step: name, outcome, detail, atMs },
            // Written only while source text may be logged; a prompt, which makes four steps, once.
            ...(text === undefined || (event.kind === "prompt" && name !== "prompt")
              ? {}
              : { text }),
          });
        }
      };
      return completer.complete({ ...request, trace }, signal);
    },
  };
}
