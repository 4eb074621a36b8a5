import type { Usage } from "../../protocol/host.ts";

/** What two requests cost together. */
export function addUsage(sum: Usage | undefined, more: Usage): Usage {
  if (sum === undefined) return more;
  return {
    queueMs: sum.queueMs + more.queueMs,
    prefillMs: sum.prefillMs + more.prefillMs,
    decodeMs: sum.decodeMs + more.decodeMs,
    evaluatedTokens: sum.evaluatedTokens + more.evaluatedTokens,
    reusedTokens: sum.reusedTokens + more.reusedTokens,
    generatedTokens: sum.generatedTokens + more.generatedTokens,
  };
}
