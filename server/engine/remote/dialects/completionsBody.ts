import type { Sampling } from "../../../protocol/host.ts";

/** Sampling as `/v1/completions` of vLLM takes it. */
export function completionsSampling(sampling: Sampling): object {
  const { temperature, topP, topK, repetitionPenalty, seed } = sampling;
  return {
    temperature,
    ...(temperature === 0
      ? {}
      : { top_p: topP === 0 ? 1 : topP, ...(topK > 0 ? { top_k: topK } : {}) }),
    ...(repetitionPenalty === 1 ? {} : { repetition_penalty: repetitionPenalty }),
    ...(seed === undefined || temperature === 0 ? {} : { seed }),
  };
}
