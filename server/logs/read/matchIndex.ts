import { blockOf, blockSize, IndexMemory, type Block } from "./indexMemory.ts";
import { sortByTime } from "./sortByTime.ts";

/** Where one record that matches stands. */
export interface Match {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Number of the file in its folder. */
  readonly file: number;
  /** Bytes from the start of the file to its line. */
  readonly offset: number;
}

/** Entries that follow each other in one file, their offsets counted from the first one's. */
interface Stretch {
  readonly from: number;
  readonly file: number;
  readonly offset: number;
}

interface Settled {
  /** Number of the first one. */
  readonly from: number;
  readonly count: number;
  /** Entries by time, counted from `from`. May be longer than they are. */
  readonly order: Uint32Array;
}

const farthest = 2 ** 32 - 1;

/** The records that match a query: 16 bytes each, however long their lines are. */
export class MatchIndex {
  count = 0;
  private readonly memory: IndexMemory;
  private blocks: Block[] = [];
  private stretches: Stretch[] = [];
  private stretch: Stretch | undefined;
  private settled: Settled[] = [];
  private ordered = 0;

  constructor(memory = new IndexMemory()) {
    this.memory = memory;
  }

  add(time: number, file: number, offset: number): void {
    const at = this.count % blockSize;
    if (at === 0) this.blocks.push(this.memory.takeBlock());
    const block = this.blocks[this.blocks.length - 1];
    if (block === undefined) return;
    let { stretch } = this;
    const distance = offset - (stretch?.offset ?? 0);
    if (stretch?.file !== file || distance < 0 || distance > farthest) {
      stretch = { from: this.count, file, offset };
      this.stretches.push(stretch);
      this.stretch = stretch;
    }
    block.times[at] = time;
    block.offsets[at] = offset - stretch.offset;
    this.count += 1;
  }

  /**
   * Orders by time what was added since the last call, behind what was ordered before: a row keeps
   * its number once it has one.
   */
  settle(): void {
    const { ordered, memory } = this;
    const count = this.count - ordered;
    if (count === 0) return;
    const spare = memory.takeOrder(count);
    const timeAt = (index: number): number => this.timeAt(ordered + index);
    const order = sortByTime(count, timeAt, memory.takeOrder(count), spare);
    memory.giveBack([], [order.spare]);
    this.settled.push({ from: ordered, count, order: order.order });
    this.ordered = this.count;
    this.joinSettled();
  }

  /** Matches by number, oldest first; only what was settled. */
  slice(from: number, to: number): Match[] {
    const matches: Match[] = [];
    let at = this.settled.findLastIndex((settled) => settled.from <= from);
    for (let number = from; number < Math.min(to, this.ordered); number += 1) {
      if (number >= (this.settled[at + 1]?.from ?? Infinity)) at += 1;
      const { from: first = 0, order } = this.settled[at] ?? {};
      matches.push(this.matchAt(first + (order?.[number - first] ?? 0)));
    }
    return matches;
  }

  /** Empties it, and leaves its memory to the next one. */
  release(): void {
    this.memory.giveBack(
      this.blocks,
      this.settled.map(({ order }) => order),
    );
    this.blocks = [];
    this.stretches = [];
    this.stretch = undefined;
    this.settled = [];
    this.count = this.ordered = 0;
  }

  private timeAt(index: number): number {
    return this.blocks[blockOf(index)]?.times[index % blockSize] ?? 0;
  }

  private matchAt(index: number): Match {
    let low = 0;
    for (let high = this.stretches.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.stretches[middle]?.from ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const { file = 0, offset = 0 } = this.stretches[low] ?? {};
    const distance = this.blocks[blockOf(index)]?.offsets[index % blockSize] ?? 0;
    return { time: this.timeAt(index), file, offset: offset + distance };
  }

  /** What is followed for days is settled a few rows at a time: small runs become one. */
  private joinSettled(): void {
    for (;;) {
      const [before, last] = [this.settled.at(-2), this.settled.at(-1)];
      if (before === undefined || last === undefined) return;
      if (before.count > 2 * last.count) return;
      const count = before.count + last.count;
      const order = new Uint32Array(count);
      order.set(before.order.subarray(0, before.count));
      for (let at = 0; at < last.count; at += 1) {
        order[before.count + at] = (last.order[at] ?? 0) + before.count;
      }
      this.settled.splice(-2, 2, { from: before.from, count, order });
    }
  }
}
