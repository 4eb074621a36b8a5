import { expect, it } from "vitest";
import { each } from "../../../../server/engine/remote/each.ts";

it("works on a few at a time, and gives the results in their order", async () => {
  let [running, most] = [0, 0];
  const items = Array.from({ length: 40 }, (_, index) => index);
  const results = await each(items, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn <= item % 3; turn += 1) await new Promise(setImmediate);
    running -= 1;
    return item * 2;
  });
  expect(results).toEqual(items.map((item) => item * 2));
  expect(most).toBe(8);
});

it("begins nothing more after a failure", async () => {
  let begun = 0;
  const failing = each(Array.from({ length: 40 }), () => {
    begun += 1;
    return begun === 3
      ? Promise.reject(new Error("no"))
      : new Promise((resolve) => setImmediate(resolve));
  });
  await expect(failing).rejects.toThrow("no");
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(begun).toBe(8);
});
