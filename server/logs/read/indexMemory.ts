const blockBits = 15;

/** Entries of one block. */
export const blockSize = 2 ** blockBits;

/** The block of an entry; its place in it is `index % blockSize`. */
export function blockOf(index: number): number {
  return index >> blockBits;
}

export interface Block {
  readonly times: Float64Array;
  readonly offsets: Uint32Array;
}

/**
 * What the index of one query leaves behind, the next one uses: the collector of garbage knows of
 * arrays as small objects and would let tens of megabytes gather.
 */
export class IndexMemory {
  private blocks: Block[] = [];
  private orders: Uint32Array[] = [];

  takeBlock(): Block {
    const block = this.blocks.pop();
    return block ?? { times: new Float64Array(blockSize), offsets: new Uint32Array(blockSize) };
  }

  /** At least this long; what is in it is of no meaning. */
  takeOrder(count: number): Uint32Array {
    const at = this.orders.findIndex(({ length }) => length >= count);
    const [order] = at < 0 ? [] : this.orders.splice(at, 1);
    return order ?? new Uint32Array(count);
  }

  giveBack(blocks: readonly Block[], orders: readonly Uint32Array[]): void {
    this.blocks.push(...blocks);
    // The two largest: one is ordered into the other.
    this.orders = [...this.orders, ...orders].sort((a, b) => b.length - a.length).slice(0, 2);
  }
}
