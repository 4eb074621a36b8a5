import type { Usage } from "../protocol/host.ts";
import type { CompletionLog, CompletionRequest, CompletionResult } from "./types.ts";

/** Logs what became of a request and what it cost; never any source text. */
export function logResult(
  log: CompletionLog,
  { requestId, trigger }: CompletionRequest,
  result: CompletionResult,
  usage: Usage | undefined,
  totalMs: number,
): void {
  const suggestion = result.kind === "suggestion" ? result.suggestion : undefined;
  log.event("completion", {
    requestId,
    trigger,
    source: suggestion?.source,
    reason: result.kind === "none" ? result.reason : undefined,
    code: result.kind === "failed" ? result.error.code : undefined,
    probability: suggestion?.probability,
    detail: result.kind === "failed" ? result.error.message : undefined,
    durationMs: totalMs,
    tokensUsed: usage && usage.evaluatedTokens + usage.generatedTokens,
    totalMs,
    queueMs: usage?.queueMs,
    prefillMs: usage?.prefillMs,
    decodeMs: usage?.decodeMs,
    evaluatedTokens: usage?.evaluatedTokens,
    reusedTokens: usage?.reusedTokens,
    generatedTokens: usage?.generatedTokens,
    hedgedTokens: usage?.hedgedTokens,
  });
}
