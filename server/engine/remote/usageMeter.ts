import type { Usage } from "../../protocol/host.ts";

/** What a stream costs, by what the server says and by what is measured where it says nothing. */
export interface StreamMeter {
  said(usage: Partial<Usage>): void;
  token(): void;
  usage(): Usage;
}

/** @param now milliseconds that only grow; the time counts from this call */
export function createStreamMeter(now: () => number): StreamMeter {
  const startedAt = now();
  let firstAt: number | undefined;
  let lastAt = startedAt;
  let tokens = 0;
  let told: Partial<Usage> = {};
  return {
    said(usage) {
      told = { ...told, ...usage };
    },
    token() {
      lastAt = now();
      firstAt ??= lastAt;
      tokens += 1;
    },
    usage() {
      const untilFirst = (firstAt ?? now()) - startedAt;
      const prefillMs = told.prefillMs ?? untilFirst;
      return {
        // Its queue, and the way there and back.
        queueMs: told.queueMs ?? Math.max(0, untilFirst - prefillMs),
        prefillMs,
        decodeMs: told.decodeMs ?? (firstAt === undefined ? 0 : lastAt - firstAt),
        evaluatedTokens: told.evaluatedTokens ?? 0,
        reusedTokens: told.reusedTokens ?? 0,
        generatedTokens: told.generatedTokens ?? tokens,
      };
    },
  };
}
