import { setTimeout as delay } from "node:timers/promises";

/** Settles as soon as a condition holds; rejects when it does not within the time. */
export async function until(condition: () => boolean, withinMs = 5000): Promise<void> {
  const limit = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > limit) throw new Error("what was waited for did not come");
    await delay(2);
  }
}
