import { createWeighMemory } from "../../../tokens/weighMemory.ts";
import { CodedError } from "../../../protocol/errors.ts";
import type { Engine } from "../../engine.ts";
import type { PromptScorer } from "../types.ts";
import { createPromptReader } from "./promptReader.ts";
import { scorePrompts } from "./score.ts";
import { weighText } from "./weigh.ts";

export interface LikelihoodOptions {
  /** Undefined: the server does not tell how likely the tokens of a prompt are. */
  readonly scorer: PromptScorer | undefined;
  /** Tokens that a prompt and one more may have together. */
  readonly contextSize: number;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** What of an engine asks how likely texts are; the results mean what those of the host mean. */
export type Likelihood = Pick<Engine, "score" | "weigh">;

/** Creates it for one model of one server. Without a scorer all fails as LOGPROBS_UNAVAILABLE. */
export function createLikelihood({ scorer, contextSize, now }: LikelihoodOptions): Likelihood {
  if (scorer === undefined) {
    const unavailable = () =>
      Promise.resolve({ kind: "failed", error: new CodedError("LOGPROBS_UNAVAILABLE") } as const);
    return { score: unavailable, weigh: unavailable };
  }
  const memory = createWeighMemory();
  const reader = createPromptReader(scorer, { contextSize, now });
  return {
    score: (request, signal) => reader.settle(signal, (job) => scorePrompts(job, request)),
    weigh: (request, onWeighed, signal) =>
      reader.settle(signal, (job) => weighText(job, memory, request, onWeighed)),
  };
}
