import type { WeighParams } from "../protocol/host.ts";
import type { Token } from "./token.ts";

/** An alternative as tokens. Indexes count from the prompt's first token. */
export interface Candidate {
  /** Its index in the request. */
  readonly alternative: number;
  readonly site: number;
  readonly prior: number;
  /** Where it first differs from the text as written. */
  readonly at: number;
  /** Its tokens from there to its horizon. */
  readonly tokens: readonly Token[];
  /** How many of them differ; those behind are the text's from `resumesAt` on. */
  readonly changed: number;
  readonly resumesAt: number;
}

/**
 * The candidates to weigh: the best few of each site and of all, by first look and prior. In
 * descending order of their place: the cache then holds the text up to each.
 */
export function chooseCandidates(
  candidates: readonly Candidate[],
  looked: readonly { readonly first?: number | undefined }[],
  limits: Pick<WeighParams, "most" | "mostPerSite" | "leastFirst">,
): Candidate[] {
  const ofSite = new Map<number, number>();
  return candidates
    .flatMap((candidate) => {
      const first = looked[candidate.alternative]?.first;
      return first === undefined ? [] : [{ candidate, rank: first + candidate.prior }];
    })
    .filter(({ rank }) => rank >= limits.leastFirst)
    .sort((a, b) => b.rank - a.rank)
    .filter(({ candidate: { site } }) => {
      const count = ofSite.get(site) ?? 0;
      ofSite.set(site, count + 1);
      return count < limits.mostPerSite;
    })
    .slice(0, limits.most)
    .map(({ candidate }) => candidate)
    .sort((a, b) => b.at - a.at);
}
