import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import type { EngineOutcome, EngineState } from "../engine/engine.ts";
import { startWhenReady } from "../engine/whenReady.ts";
import type { Usage } from "../protocol/host.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type { ApiEnv, RouteParts } from "./types.ts";

/** One request that uses the model. */
export interface Work {
  readonly requestId: string;
  /** A name for its document that no other request has, whatever ids clients choose. */
  readonly uri: string;
  /** Aborts when the client is gone or the time is over. */
  readonly signal: AbortSignal;
  /** What it cost, for the log. */
  spent(usage: Usage | undefined): void;
  /** The value of an outcome; rejects with why there is none. */
  valueOf<Value>(outcome: EngineOutcome<Value>): Value;
  /** Why it was cancelled. */
  cancelled(): CodedError;
  /** Answers with a stream of server-sent events; the work lasts until it has ended. */
  stream(
    produce: (send: (data: string) => void) => Promise<void>,
    onError: (error: CodedError) => string,
  ): Response;
}

/**
 * Runs work with a place of its own, for so many milliseconds at most, waiting included.
 * Rejects with `API_BUSY` where there is no place, and with `TIMEOUT_ERROR`.
 */
export async function doWork(
  context: Context<ApiEnv>,
  { places, clock }: Pick<RouteParts, "places" | "clock">,
  limitMs: number,
  run: (work: Work) => Promise<Response>,
): Promise<Response> {
  const { call } = context.env;
  const abort = new AbortController();
  const onGone = (): void => abort.abort();
  const gone = context.req.raw.signal;
  gone.addEventListener("abort", onGone, { once: true });
  if (gone.aborted) abort.abort();
  let timedOut = false;
  const cancelTimer = clock.after(limitMs, () => {
    timedOut = true;
    abort.abort();
  });
  let leave = (): void => undefined;
  const done = (): void => {
    cancelTimer();
    gone.removeEventListener("abort", onGone);
    leave();
  };
  const cancelled = (): CodedError =>
    timedOut
      ? new CodedError("TIMEOUT_ERROR", `It was given ${String(limitMs / 1000)} seconds.`)
      : new CodedError("TIMEOUT_ERROR", "The request was given up.");
  const answer = { streams: false };
  const work: Work = {
    requestId: call.requestId,
    uri: `starcoder-api:/${randomUUID()}`,
    signal: abort.signal,
    spent(usage) {
      if (usage === undefined) return;
      call.tokensUsed = tokensOf(usage);
      if (usage.hedgedTokens !== undefined) call.hedgedTokens = usage.hedgedTokens;
    },
    valueOf(outcome) {
      if (outcome.kind === "done") return outcome.value;
      throw outcome.kind === "failed" ? outcome.error : cancelled();
    },
    cancelled,
    stream(produce, onError) {
      answer.streams = true;
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const send = (data: string): void => {
            if (!abort.signal.aborted) controller.enqueue(encoder.encode(`data: ${data}\n\n`));
          };
          void produce(send)
            .catch((thrown: unknown) => {
              const error = toCodedError(thrown);
              call.code = error.code;
              // Who waited for the end learns why there is none.
              if (!gone.aborted) controller.enqueue(encoder.encode(`data: ${onError(error)}\n\n`));
            })
            .then(() => controller.close())
            .catch(() => undefined)
            .finally(done);
        },
        cancel: onGone,
      });
      return new Response(body, {
        headers: { "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no" },
      });
    },
  };
  try {
    leave = await places.enter(abort.signal);
    return await run(work);
  } finally {
    if (!answer.streams) done();
  }
}

/** Evaluated and generated. */
export function tokensOf({ evaluatedTokens, generatedTokens }: Usage): number {
  return evaluatedTokens + generatedTokens;
}

/** The model, which is started and waited for; rejects with why there is none. */
export async function modelFor(
  work: Work,
  { product: { engine }, clock, limits }: Pick<RouteParts, "product" | "clock" | "limits">,
): Promise<Extract<EngineState, { kind: "ready" }>> {
  const options = { clock, atMostMs: limits.modelMs, signal: work.signal };
  const ready = await startWhenReady(engine, "explicit", options);
  switch (ready.kind) {
    case "ready":
      return ready.state;
    case "failed":
      throw ready.error;
    case "cancelled":
      throw work.cancelled();
    case "late":
      throw new CodedError("MODEL_UNAVAILABLE", "It is still being loaded.");
  }
}
