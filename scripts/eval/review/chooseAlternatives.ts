import type { WeighRequest } from "../../../server/engine/engine.ts";
import type { WeighResult } from "../../../server/protocol/host.ts";

/**
 * Indexes of the alternatives that a host weighs to their end: the best few of each site and of all,
 * by first look and prior.
 * @param looked what is known of each alternative, in the request's order.
 */
export function chooseAlternatives(
  { alternatives, most, mostPerSite, leastFirst }: WeighRequest,
  looked: readonly (WeighResult["alternatives"][number] | undefined)[],
): ReadonlySet<number> {
  const ranked = alternatives
    .map(({ site, prior }, index) => ({ index, site, rank: (looked[index]?.first ?? NaN) + prior }))
    .filter(({ rank }) => rank >= leastFirst)
    .sort((a, b) => b.rank - a.rank);
  const ofSite = new Map<number, number>();
  const chosen: number[] = [];
  for (const { index, site } of ranked) {
    const count = ofSite.get(site) ?? 0;
    ofSite.set(site, count + 1);
    if (count < mostPerSite && chosen.length < most) chosen.push(index);
  }
  return new Set(chosen);
}
