/** Requests that a server is asked for at a time: enough to fill a batch, too few to starve others. */
const mostAtOnce = 8;

/** Does something for each, a few at a time; the results in their order. The first failure ends it. */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (isOver) return;
      results[index] = await work(item);
    }
  };
  const workers = Array.from({ length: Math.min(mostAtOnce, items.length) }, worker);
  try {
    await Promise.all(workers);
  } finally {
    isOver = true;
  }
  return results;
}
