import { CodedError } from "../../../protocol/errors.ts";
import type { ScoreResult } from "../../../protocol/host.ts";
import type { ScoreRequest } from "../../engine.ts";
import type { PromptToken } from "../types.ts";
import type { PromptJob } from "./promptReader.ts";
import { bestOf, logProbabilityOf } from "./promptLooks.ts";

/** Log-probabilities of each candidate's tokens after the prefix, one prompt each. */
export async function scorePrompts(
  job: PromptJob,
  { prefix, candidates }: Pick<ScoreRequest, "prefix" | "candidates">,
): Promise<ScoreResult> {
  if (prefix.length === 0) throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
  const before = await job.promptTokens(prefix);
  const texts = await job.tokenize(candidates);
  for (const tokens of texts) job.checkLength(before.length + tokens.length);
  const scored = await job.each(texts, async (tokens) => {
    if (tokens.length === 0) return [];
    const found = await job.read([...before, ...tokens], 1, false);
    return found.slice(before.length).map(scoredToken);
  });
  return { candidates: scored, usage: job.usage() };
}

function scoredToken(token: PromptToken): ScoreResult["candidates"][number][number] {
  const { text, logProbability: bestLogProbability } = bestOf(token);
  const logProbability = logProbabilityOf(token);
  if (!Number.isFinite(logProbability)) {
    throw new CodedError("SCORES_INVALID", "A probability is not a number.");
  }
  return { text: token.text, logProbability, best: text, bestLogProbability };
}
