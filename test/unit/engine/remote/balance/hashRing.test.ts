import { expect, test } from "vitest";
import { capacityOf, placeOn } from "../../../../../server/engine/remote/balance/boundedLoad.ts";
import { createHashRing } from "../../../../../server/engine/remote/balance/hashRing.ts";

const ids = Array.from({ length: 16 }, (_, index) => `http://engine-${index}`);
const keys = Array.from({ length: 4000 }, (_, index) => `file:///project/src/file${index}.ts`);

test("Keys spread over the members, none of which has more than twice its share", () => {
  const ring = createHashRing(ids);
  const counts = new Map<string, number>();
  for (const key of keys) {
    const home = ring.order(key)[0] ?? "";
    counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  expect(counts.size).toBe(ids.length);
  expect(Math.max(...counts.values())).toBeLessThan((2 * keys.length) / ids.length);
});

test("When a member goes, only the keys of that member move", () => {
  const before = createHashRing(ids);
  const after = createHashRing(ids.slice(1));
  for (const key of keys) {
    const [home, next] = before.order(key);
    expect(after.order(key)[0]).toBe(home === ids[0] ? next : home);
  }
});

test("Every member is in the order of a key, once", () => {
  const order = createHashRing(ids).order("some key");
  expect([...order].sort()).toEqual([...ids].sort());
  expect(createHashRing([]).order("some key")).toEqual([]);
});

test("A member that carries a quarter more than the average is passed over", () => {
  const one = { name: "one", inFlight: 10 };
  const two = { name: "two", inFlight: 2 };
  expect(capacityOf(12, 2)).toBe(9);
  expect(placeOn([one, two])).toBe(two);
  expect(
    placeOn([
      { ...one, inFlight: 6 },
      { ...two, inFlight: 4 },
    ])?.name,
  ).toBe("one");
});

test("Two requests at once are no reason to leave a warm cache", () => {
  expect(placeOn([{ name: "home", inFlight: 1 }, { inFlight: 0 }])).toHaveProperty("name", "home");
});
