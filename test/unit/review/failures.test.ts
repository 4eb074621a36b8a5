import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import {
  bugAt,
  createFixture,
  died,
  linesOf,
  manyLines,
  readyState,
  settle,
} from "./support/fixture.ts";

describe("a review that cannot be done", () => {
  it("waits for a model that is starting, then for no longer than a minute", async () => {
    const { review, engine, clock, finder } = createFixture();
    engine.setState({ kind: "stopped" });
    const pending = review("BUG();");
    await settle();
    expect(engine.starts).toEqual(["explicit"]);
    engine.setState({ kind: "starting" });
    engine.setState(readyState);
    expect(linesOf(await pending)).toEqual([1]);

    engine.setState({ kind: "starting" });
    const late = review("BUG();\nmore();");
    await settle();
    clock.advance(60_000);
    const result = await late;
    expect(result.scoreError?.code).toBe("MODEL_UNAVAILABLE");
    expect(result.score).toBeUndefined();
    expect(linesOf(result)).toEqual([1]);
    expect(finder.looks).toHaveLength(1);
    expect(engine.listenerCount()).toBe(0);
  });

  it("says why the model failed", async () => {
    const { review, engine } = createFixture();
    engine.setState({ kind: "failed", error: new CodedError("MEMORY_ERROR") });
    const result = await review("one();", { trigger: "command" });
    expect(engine.starts).toEqual(["explicit"]);
    expect(result.scoreError?.code).toBe("MEMORY_ERROR");
  });

  it("looks at a chunk once more when the host died under it and came back", async () => {
    const { review, engine, finder } = createFixture();
    finder.before = () => {
      finder.before = () => Promise.resolve(undefined);
      const error = new CodedError("HOST_DIED");
      engine.setState({ kind: "restarting", error, retryInMs: 100 });
      return Promise.resolve(died);
    };
    const pending = review("BUG();");
    await settle();
    engine.setState(readyState);
    const result = await pending;
    expect(linesOf(result)).toEqual([1]);
    expect(result.scoreError).toBeUndefined();
    expect(finder.looks).toHaveLength(2);
  });

  it("gives no score and forgets no line when the host does not come back", async () => {
    const { review, engine, finder, clock, lookedLines, stores } = createFixture();
    const text = manyLines(90, [1, 80]);
    let looks = 0;
    finder.before = () => {
      if (++looks < 2) return Promise.resolve(undefined);
      const error = new CodedError("HOST_DIED");
      engine.setState({ kind: "restarting", error, retryInMs: 100 });
      return Promise.resolve(died);
    };
    const pending = review(text);
    await settle();
    clock.advance(30_000);
    const result = await pending;
    expect(result.scoreError?.code).toBe("HOST_DIED");
    expect(result.score).toBeUndefined();
    expect(linesOf(result)).toEqual([1]);
    expect(result.unreviewedChunks).toBeGreaterThan(0);
    expect(stores.snapshots.size).toBe(0);
    lookedLines();
    engine.setState(readyState);
    finder.before = () => Promise.resolve(undefined);
    expect(linesOf(await review(text))).toEqual([1, 80]);
    // What was completed before came from memory.
    expect(lookedLines()).not.toContain(1);
  });

  it("goes on with the next chunk where an answer could not be used, and gives no score", async () => {
    const { review, finder } = createFixture();
    const error = new CodedError("PARSING_ERROR", "The output was cut.");
    finder.before = () => {
      finder.before = () => Promise.resolve(undefined);
      return Promise.resolve({ kind: "failed", error });
    };
    const result = await review(manyLines(90, [80]));
    expect(result.scoreError).toMatchObject({ code: "PARSING_ERROR", message: error.message });
    expect(result.score).toBeUndefined();
    expect(linesOf(result)).toEqual([80]);
  });

  it("survives a reviewer of chunks that throws or says nonsense", async () => {
    const nonsense = [
      { ...bugAt(0), confidence: NaN },
      { ...bugAt(0), odds: NaN },
      { ...bugAt(0), confidence: 7 },
      bugAt(-3),
      bugAt(1000),
    ];
    const { review, finder } = createFixture();
    finder.before = () => Promise.resolve({ kind: "done", findings: nonsense, usage: undefined });
    expect((await review("one();")).findings).toEqual([]);
    finder.before = () => Promise.reject(new Error("broken"));
    const result = await review("two();");
    expect(result.scoreError?.code).toBe("INTERNAL_ERROR");
  });

  it("reports probabilities that are none, with no score", async () => {
    const { review, finder } = createFixture();
    const error = new CodedError("SCORES_INVALID");
    finder.before = () => Promise.resolve({ kind: "failed", error });
    const result = await review(manyLines(90));
    expect(result.scoreError?.code).toBe("SCORES_INVALID");
    expect(finder.looks).toHaveLength(1);
  });
});
