/** Points of each member on the ring: with so many the shares differ by some percent. */
const pointsEach = 128;

/**
 * Members on a ring of hashes (Karger et al. 1997): a key belongs to the member whose point comes
 * next, and when members come or go, only the keys of those move.
 */
export interface HashRing {
  /** All members in the order in which they take a key. */
  order(key: string): readonly string[];
}

/** @param ids names of the members, each once */
export function createHashRing(ids: readonly string[]): HashRing {
  const points = ids
    .flatMap((id) =>
      Array.from({ length: pointsEach }, (_, index) => ({ at: hashOf(`${id}#${index}`), id })),
    )
    .sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));

  return {
    order(key) {
      const from = firstFrom(points, hashOf(key));
      const found = new Set<string>();
      for (let step = 0; step < points.length && found.size < ids.length; step += 1) {
        const point = points[(from + step) % points.length];
        if (point !== undefined) found.add(point.id);
      }
      return [...found];
    },
  };
}

function firstFrom(points: readonly { readonly at: number }[], hash: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.at ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a over UTF-16 units, then the finalizer of MurmurHash3: names that differ in one digit spread. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
