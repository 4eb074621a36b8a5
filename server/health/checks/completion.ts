import type { Check, Finding } from "../check.ts";
import type { Trial } from "../world.ts";

/** A suggestion really comes. */
export const completionCheck: Check = {
  name: "completion",
  title: "Test completion",
  group: "service",
  why: "It shows that everything a suggestion needs works together, and how fast.",
  alone: true,
  // A large model on a slow disk takes its time to load.
  timeoutMs: 120_000,
  run: async ({ product }, signal) => findingOf(await product.complete(signal)),
};

/** A test request's times and outcome, or its failure, as a finding. */
export function findingOf(trial: Trial): Finding {
  if (trial.kind === "failed") {
    return { status: "failed", code: trial.code, message: trial.message };
  }
  const { startMs, totalMs, generatedTokens, evaluatedTokens, decodeMs, outcome } = trial;
  const parts = [`${Math.round(totalMs)} ms`];
  if (startMs >= 50) parts.push(`after ${(startMs / 1000).toFixed(1)} s to start the model`);
  if (evaluatedTokens !== undefined) parts.push(`${evaluatedTokens} tokens read`);
  if (generatedTokens !== undefined && decodeMs !== undefined && decodeMs > 0) {
    const speed = Math.round((generatedTokens / decodeMs) * 1000);
    parts.push(`${generatedTokens} written at ${speed} tokens/s`);
  }
  const message = `${outcome} (${parts.join(", ")}).`;
  if (trial.useful) return { status: "ok", message };
  return { status: "warning", code: "PARSING_ERROR", message };
}
