/** How much more than the average one member may carry. */
const slack = 1.25;
/** Servers answer some requests side by side; so few are no reason to leave a warm cache. */
const leastCapacity = 2;

/**
 * The most requests that one of `members` may have at once when another is to be placed beside
 * `inFlight`: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016,
 * https://arxiv.org/abs/1608.01350), ⌈c · m / n⌉ with c = 1.25. Someone always has room.
 */
export function capacityOf(inFlight: number, members: number): number {
  return Math.max(leastCapacity, Math.ceil((slack * (inFlight + 1)) / Math.max(1, members)));
}

/** The first in the order that has room; among the full ones the one with least to do. */
export function placeOn<Member extends { readonly inFlight: number }>(
  order: readonly Member[],
): Member | undefined {
  const total = order.reduce((sum, { inFlight }) => sum + inFlight, 0);
  const capacity = capacityOf(total, order.length);
  return (
    order.find(({ inFlight }) => inFlight < capacity) ??
    order.reduce<Member | undefined>(
      (least, one) => (least === undefined || one.inFlight < least.inFlight ? one : least),
      undefined,
    )
  );
}
