import { describe, expect, it } from "vitest";
import type { Look } from "../../../server/tokens/looks.ts";
import { createWeighMemory } from "../../../server/tokens/weighMemory.ts";

const look: Look = { logProbability: -1, bestLogProbability: -0.5, asked: new Map([[7, -2]]) };

describe("what was weighed", () => {
  it("is known again as far as the text is the same", () => {
    const memory = createWeighMemory();
    const first = memory.of([1, 2, 3, 4, 5, 6]);
    for (let index = 1; index < 6; index++) first.looks.set(index, look);
    first.learn(2, [7, 4], [-1, -2]);
    first.learn(5, [8], [-3]);
    const later = memory.of([1, 2, 3, 4, 9, 6]);
    expect([...later.looks.keys()]).toEqual([1, 2, 3]);
    expect(later.known(2, [7, 4])).toEqual([-1, -2]);
    expect(later.known(2, [7])).toBeUndefined();
    expect(later.known(5, [8])).toBeUndefined();
  });

  it("is known again after other texts, not after many", () => {
    const memory = createWeighMemory();
    memory.of([1, 2, 3]).looks.set(1, look);
    for (let other = 10; other < 15; other++) memory.of([other, 0]);
    expect(memory.of([1, 2, 3]).looks.size).toBe(1);
    for (let other = 20; other < 28; other++) memory.of([other, 0]);
    expect(memory.of([1, 2, 3]).looks.size).toBe(0);
  });

  it("of a text gives way to that of its next version", () => {
    const memory = createWeighMemory();
    memory.of([50, 0]).looks.set(1, look);
    for (let version = 0; version < 20; version++) memory.of([1, 2, 3, version]);
    expect(memory.of([50, 0]).looks.size).toBe(1);
  });
});
