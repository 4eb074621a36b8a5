import { describe, expect, it, vi } from "vitest";
import { watchList } from "../../../../extension/modelChoice/watchList.ts";
import { createFakeClock } from "../fakeClock.ts";

function watched() {
  const clock = createFakeClock();
  const answers: ((value: number) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const lists: number[] = [];
  const errors: unknown[] = [];
  const watch = watchList<number>({
    clock,
    everyMs: 1000,
    ask: () =>
      new Promise((resolve, reject) => {
        answers.push(resolve);
        failures.push(reject);
      }),
    onList: (list) => lists.push(list),
    onError: (error) => errors.push(error),
  });
  return { clock, answers, failures, lists, errors, watch };
}

describe("a list that is kept up to date", () => {
  it("asks again when the answer has come and time has passed, one question at a time", async () => {
    const { clock, answers, lists } = watched();
    clock.advance(5000);
    expect(answers).toHaveLength(1);
    answers[0]?.(1);
    await vi.waitFor(() => expect(lists).toEqual([1]));
    clock.advance(999);
    expect(answers).toHaveLength(1);
    clock.advance(1);
    expect(answers).toHaveLength(2);
  });

  it("asks at once when it is told to, after the question that is open", async () => {
    const { clock, answers, lists, watch } = watched();
    watch.again();
    expect(answers).toHaveLength(1);
    answers[0]?.(1);
    await vi.waitFor(() => expect(lists).toEqual([1]));
    clock.advance(0);
    expect(answers).toHaveLength(2);
  });

  it("asks no more after its end, and ignores what still comes", async () => {
    const { clock, answers, lists, watch } = watched();
    watch.end();
    answers[0]?.(1);
    await Promise.resolve();
    clock.advance(10_000);
    expect([answers.length, lists]).toEqual([1, []]);
  });

  it("tells a failure once and stops", async () => {
    const { clock, failures, errors, answers } = watched();
    failures[0]?.(new Error("no"));
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    clock.advance(10_000);
    expect(answers).toHaveLength(1);
  });
});
