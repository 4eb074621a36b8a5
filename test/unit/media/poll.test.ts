import { expect, it } from "vitest";
import { createPoll } from "../../../media/health/poll.ts";

/** A poll whose answers and timers are given by the test. */
function make() {
  const answers: (() => void)[] = [];
  const timers = new Set<() => void>();
  const poll = createPoll({
    everyMs: 2000,
    ask: () => new Promise((resolve) => answers.push(resolve)),
    after(_, callback) {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  return {
    poll,
    timers,
    asked: () => answers.length,
    answer: async () => {
      answers.at(-1)?.();
      await Promise.resolve();
      await Promise.resolve();
    },
    tick: () => {
      for (const callback of [...timers]) {
        timers.delete(callback);
        callback();
      }
    },
  };
}

it("asks at once, and again only after the answer and the pause", async () => {
  const { poll, asked, answer, tick, timers } = make();
  poll.start();
  expect(asked()).toBe(1);
  expect(timers.size).toBe(0);
  await answer();
  expect(asked()).toBe(1);
  tick();
  expect(asked()).toBe(2);
});

it("asks nothing while stopped, and goes on where it is started again", async () => {
  const { poll, asked, answer, tick, timers } = make();
  poll.start();
  await answer();
  poll.stop();
  expect(timers.size).toBe(0);
  tick();
  poll.now();
  expect(asked()).toBe(1);
  poll.start();
  expect(asked()).toBe(2);
});

it("makes of many questions during an answer one more", async () => {
  const { poll, asked, answer } = make();
  poll.start();
  poll.now();
  poll.now();
  expect(asked()).toBe(1);
  await answer();
  expect(asked()).toBe(2);
});

it("asks once when it is stopped and started during an answer", async () => {
  const { poll, asked, answer, timers } = make();
  poll.start();
  poll.stop();
  poll.start();
  expect(asked()).toBe(1);
  await answer();
  expect(asked() + timers.size).toBe(2);
});
