import { sortByTime } from "./sortByTime.ts";

/** Where one record that matches stands. */
export interface Match {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Number of the file in its folder. */
  readonly file: number;
  /** Bytes from the start of the file, and how many bytes the line has. */
  readonly offset: number;
  readonly length: number;
}

/** The records that match a query: 26 bytes each, however long their lines are. */
export class MatchIndex {
  count = 0;
  private times = new Float64Array(1024);
  private offsets = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private files = new Uint16Array(1024);
  private order = new Uint32Array(0);
  private ordered = 0;

  add(time: number, file: number, offset: number, length: number): void {
    const at = this.count;
    if (at === this.times.length) this.grow();
    this.times[at] = time;
    this.offsets[at] = offset;
    this.lengths[at] = length;
    this.files[at] = file;
    this.count = at + 1;
  }

  /**
   * Orders by time what was added since the last call, behind what was ordered before: a row keeps
   * its number once it has one.
   */
  settle(): void {
    const { ordered, count } = this;
    if (count === ordered) return;
    const added = sortByTime(this.times.subarray(ordered, count), count - ordered);
    if (ordered === 0) this.order = added;
    else {
      if (count > this.order.length) {
        const order = new Uint32Array(Math.ceil(count * 1.25));
        order.set(this.order);
        this.order = order;
      }
      for (let index = 0; index < added.length; index += 1) {
        this.order[ordered + index] = (added[index] ?? 0) + ordered;
      }
    }
    this.ordered = count;
  }

  /** Matches by number, oldest first; only what was settled. */
  slice(from: number, to: number): Match[] {
    const matches: Match[] = [];
    for (let index = from; index < Math.min(to, this.ordered); index += 1) {
      const at = this.order[index] ?? 0;
      matches.push({
        time: this.times[at] ?? 0,
        file: this.files[at] ?? 0,
        offset: this.offsets[at] ?? 0,
        length: this.lengths[at] ?? 0,
      });
    }
    return matches;
  }

  private grow(): void {
    const size = this.times.length < 2 ** 18 ? this.times.length * 2 : this.times.length + 2 ** 18;
    this.times = copied(this.times, new Float64Array(size));
    this.offsets = copied(this.offsets, new Float64Array(size));
    this.lengths = copied(this.lengths, new Uint32Array(size));
    this.files = copied(this.files, new Uint16Array(size));
  }
}

function copied<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
