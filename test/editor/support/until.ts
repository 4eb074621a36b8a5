import { setTimeout as delay } from "node:timers/promises";

const limitMs = 30_000;
const pollMs = 25;

/** Waits until the condition holds; fails with the description of what did not come about. */
export async function until(
  description: string | (() => string),
  condition: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(
        `waited ${String(limitMs / 1000)} s for ${typeof description === "string" ? description : description()}`,
      );
    }
    await delay(pollMs);
  }
}
