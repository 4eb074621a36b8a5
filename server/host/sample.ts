import type { Sampling } from "../protocol/host.ts";
import type { NextQuery, NextTokens, Token } from "./model.ts";

/** Sampling looks at no more tokens than this; what is less likely is never drawn. */
const maxCandidates = 256;
/** How far back the repetition penalty looks, in tokens. */
const penaltyWindow = 64;

/** A token and the probability the model gave it, before penalty, temperature and filters. */
export interface SampledToken {
  readonly token: Token;
  readonly logProbability: number;
}

/** What to ask of the model to sample with these settings: greedy asks for nothing. */
export function samplingQuery(sampling: Sampling): NextQuery {
  if (sampling.temperature === 0 && sampling.repetitionPenalty === 1) return {};
  return { top: sampling.topK > 0 ? Math.min(sampling.topK, maxCandidates) : maxCandidates };
}

/**
 * Draws the next token: repetition penalty over the last tokens, then top-k, temperature and
 * top-p. @param random numbers in [0, 1).
 */
export function sampleToken(
  next: NextTokens,
  sampling: Sampling,
  recent: readonly Token[],
  random: () => number,
): SampledToken {
  if (next.candidates.length === 0) {
    return { token: next.likeliest, logProbability: next.likeliestLogProbability };
  }
  const punished = new Set(sampling.repetitionPenalty === 1 ? [] : recent.slice(-penaltyWindow));
  const penalty = sampling.repetitionPenalty === 0 ? 1 : sampling.repetitionPenalty;
  const ranked = next.candidates
    .map(({ token, logit }) => {
      if (!punished.has(token)) return { token, logit, score: logit };
      return { token, logit, score: logit > 0 ? logit / penalty : logit * penalty };
    })
    .sort((a, b) => b.score - a.score);
  const chosen = sampling.temperature === 0 ? ranked[0] : draw(ranked, sampling, random);
  if (chosen === undefined) {
    return { token: next.likeliest, logProbability: next.likeliestLogProbability };
  }
  return { token: chosen.token, logProbability: chosen.logit - next.logNormalizer };
}

function draw<Ranked extends { readonly score: number }>(
  ranked: readonly Ranked[],
  sampling: Sampling,
  random: () => number,
): Ranked | undefined {
  const top = ranked[0];
  if (top === undefined) return undefined;
  const weights = ranked.map(({ score }) => Math.exp((score - top.score) / sampling.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  for (const weight of weights) {
    mass += weight;
    kept++;
    if (mass >= sampling.topP * total) break;
  }
  let left = random() * mass;
  for (const [index, weight] of weights.slice(0, kept).entries()) {
    left -= weight;
    if (left < 0) return ranked[index];
  }
  return ranked[kept - 1];
}

/** A reproducible source of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
