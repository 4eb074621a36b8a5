/**
 * The order of entries by time, oldest first; entries of one time keep their order. A natural merge
 * sort: logs are files that are sorted but for a clock that jumped, one after the other, and such a
 * sequence of few ascending runs takes few passes.
 */
export function sortByTime(times: Float64Array, count: number): Uint32Array<ArrayBuffer> {
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) order[index] = index;
  let runs = findRuns(times, count);
  let spare = runs.length > 2 ? new Uint32Array(count) : order;
  while (runs.length > 2) {
    const merged = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const from = runs[run] ?? 0;
      const middle = runs[run + 1] ?? count;
      const to = runs[run + 2] ?? middle;
      merge(times, order, spare, from, middle, to);
      merged.push(to);
    }
    [order, spare] = [spare, order];
    runs = merged;
  }
  return order;
}

/** Where ascending runs begin, and the end. */
function findRuns(times: Float64Array, count: number): number[] {
  const runs = [0];
  for (let index = 1; index < count; index += 1) {
    if ((times[index] ?? 0) < (times[index - 1] ?? 0)) runs.push(index);
  }
  if (count > 0) runs.push(count);
  return runs;
}

function merge(
  times: Float64Array,
  from: Uint32Array,
  into: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at += 1) {
    const isLeft =
      left < middle &&
      (right >= end || (times[from[left] ?? 0] ?? 0) <= (times[from[right] ?? 0] ?? 0));
    into[at] = from[isLeft ? left : right] ?? 0;
    if (isLeft) left += 1;
    else right += 1;
  }
}
