type TimeAt = (index: number) => number;

/** An order, and the other array that was given. */
export interface Sorted {
  readonly order: Uint32Array;
  readonly spare: Uint32Array;
}

/**
 * The order of entries by time, oldest first; entries of one time keep their order. A natural merge
 * sort: logs are files that are sorted but for a clock that jumped, one after the other, and such a
 * sequence of few ascending runs takes few passes.
 * @param first As long as there are entries, as is `second`; one of them becomes the order.
 */
export function sortByTime(
  count: number,
  timeAt: TimeAt,
  first: Uint32Array = new Uint32Array(count),
  second: Uint32Array = new Uint32Array(count),
): Sorted {
  let [order, spare] = [first, second];
  for (let index = 0; index < count; index += 1) order[index] = index;
  let runs = findRuns(count, timeAt);
  while (runs.length > 2) {
    const merged = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const from = runs[run] ?? 0;
      const middle = runs[run + 1] ?? count;
      const to = runs[run + 2] ?? middle;
      merge(timeAt, order, spare, from, middle, to);
      merged.push(to);
    }
    [order, spare] = [spare, order];
    runs = merged;
  }
  return { order, spare };
}

/** Where ascending runs begin, and the end. */
function findRuns(count: number, timeAt: TimeAt): number[] {
  const runs = [0];
  let before = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const time = timeAt(index);
    if (time < before) runs.push(index);
    before = time;
  }
  if (count > 0) runs.push(count);
  return runs;
}

function merge(
  timeAt: TimeAt,
  from: Uint32Array,
  into: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  let leftTime = timeAt(from[left] ?? 0);
  let rightTime = right < end ? timeAt(from[right] ?? 0) : Infinity;
  for (let at = start; at < end; at += 1) {
    if (left < middle && (right >= end || leftTime <= rightTime)) {
      into[at] = from[left] ?? 0;
      left += 1;
      if (left < middle) leftTime = timeAt(from[left] ?? 0);
    } else {
      into[at] = from[right] ?? 0;
      right += 1;
      if (right < end) rightTime = timeAt(from[right] ?? 0);
    }
  }
}
