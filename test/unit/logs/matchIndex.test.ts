import { describe, expect, it } from "vitest";
import { IndexMemory } from "../../../server/logs/read/indexMemory.ts";
import { MatchIndex } from "../../../server/logs/read/matchIndex.ts";
import { sortByTime } from "../../../server/logs/read/sortByTime.ts";

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("the order of matches", () => {
  it("is by time, and as found where times are the same, whatever the times", () => {
    const random = createRandom(3);
    for (const count of [0, 1, 2, 3, 100, 1000]) {
      for (const kinds of [1, 10, 1e6]) {
        const times = Array.from({ length: count }, () => Math.floor(random() * kinds));
        const expected = times.map((_, index) => index);
        expected.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
        const { order } = sortByTime(count, (index) => times[index] ?? 0);
        expect([...order]).toEqual(expected);
      }
    }
  });

  it("keeps the numbers of rows when later ones are added, even of an earlier time", () => {
    const index = new MatchIndex();
    index.add(20, 0, 0);
    index.add(10, 0, 90);
    index.settle();
    for (let added = 0; added < 50; added += 1) {
      index.add(5, 1, added);
      index.settle();
    }
    expect(index.slice(0, 3)).toEqual([
      { time: 10, file: 0, offset: 90 },
      { time: 20, file: 0, offset: 0 },
      { time: 5, file: 1, offset: 0 },
    ]);
    expect(index.slice(2, 100).map(({ offset }) => offset)).toEqual([...Array(50).keys()]);
  });

  it("holds many matches of files of many gigabytes, and none of the query before", () => {
    const memory = new IndexMemory();
    for (let round = 1; round <= 2; round += 1) {
      const index = new MatchIndex(memory);
      const count = 100_000 / round;
      for (let at = 0; at < count; at += 1) index.add(count - at, at % 3, at * 1e6);
      expect(index.slice(0, 1)).toEqual([]);
      index.settle();
      expect(index.slice(0, 1)).toEqual([
        { time: 1, file: (count - 1) % 3, offset: (count - 1) * 1e6 },
      ]);
      expect(index.slice(count - 1, count + 5)).toEqual([{ time: count, file: 0, offset: 0 }]);
      index.release();
      expect(index.slice(0, 1)).toEqual([]);
    }
  });
});
