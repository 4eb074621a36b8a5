import { beforeEach, describe, expect, it } from "vitest";
import type { EngineState } from "../../../../server/engine/engine.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import { readyState } from "../../review/support/fixture.ts";
import {
  createRunsFixture,
  died,
  done,
  text,
  uri,
  type RunsFixture,
} from "./support/runsFixture.ts";

describe("when documents are reviewed", () => {
  let fixture: RunsFixture;
  const setUp = (state?: EngineState) => void (fixture = createRunsFixture(state));

  beforeEach(() => setUp());

  it("a save reviews what changed", async () => {
    fixture.runs.saved(uri);
    expect(fixture.asked.map(({ request }) => request)).toMatchObject([
      { scope: "changed", trigger: "save", document: { uri, text } },
    ]);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    expect(fixture.last()).toBe("done");
  });

  it.each([
    ["reviews are only made on command", { "review.mode": "command" as const }],
    ["reviews are off", { "review.mode": "off" as const }],
    ["the language is off", { "review.languages": { typescript: false } }],
  ])("a save does nothing where %s", (_, own) => {
    fixture.force.settings = { ...fixture.force.settings, ...own };
    fixture.runs.saved(uri);
    expect(fixture.asked).toEqual([]);
  });

  it("a save while the model is starting is reviewed once it is ready", async () => {
    setUp({ kind: "starting" });
    fixture.runs.saved(uri);
    expect(fixture.asked).toEqual([]);
    expect(fixture.last()).toBe("reviewing");
    fixture.engine.setState(readyState);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(1);
  });

  it("a save while the model has failed says why", () => {
    setUp({ kind: "failed", error: new CodedError("MODEL_INVALID") });
    fixture.runs.saved(uri);
    expect(fixture.states.at(-1)).toMatchObject({
      state: "failed",
      scoreError: { code: "MODEL_INVALID" },
    });
  });

  it("of saves that follow each other only the last is reviewed to its end", () => {
    fixture.runs.saved(uri);
    fixture.runs.saved(uri);
    expect(fixture.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it("a review under which the host died is made again once when it is back, and no more", async () => {
    fixture.runs.saved(uri);
    fixture.asked[0]?.answer(died);
    await fixture.settled();
    fixture.engine.setState({ kind: "starting" });
    fixture.engine.setState(readyState);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(2);
    fixture.asked[1]?.answer(died);
    await fixture.settled();
    fixture.engine.setState({ kind: "starting" });
    fixture.engine.setState(readyState);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(2);
    expect(fixture.last()).toBe("failed");
  });

  it("a review on command is asked for whatever the mode, and ends by its signal", async () => {
    fixture.force.settings = { ...fixture.force.settings, "review.mode": "command" };
    const { abort, result } = fixture.command();
    await fixture.settled();
    expect(fixture.asked[0]?.request).toMatchObject({ scope: "file", trigger: "command" });
    abort.abort();
    expect(await result).toBeUndefined();
  });

  it("a review on save shows progress when it takes long", async () => {
    fixture.runs.saved(uri);
    await fixture.settled();
    expect(fixture.progress).toEqual([]);
    fixture.clock.advance(1000);
    await fixture.settled();
    expect(fixture.progress).toEqual(["begin"]);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    expect(fixture.progress).toEqual(["begin", "end"]);
  });

  it("closing and deleting end a review; what is known outlives a close for a moment, for renames", () => {
    fixture.runs.saved(uri);
    fixture.runs.closed(uri);
    expect(fixture.asked[0]?.signal.aborted).toBe(true);
    expect([...fixture.runs.lately()]).toEqual([uri]);
    expect(fixture.told).toEqual([]);
    fixture.clock.advance(10_000);
    expect(fixture.told).toEqual([uri]);
    fixture.runs.renamed(uri, "file:///project/b.ts");
    expect(fixture.told.at(-1)).toBe(`${uri} → file:///project/b.ts`);
    fixture.runs.deleted(uri);
    expect(fixture.told.at(-1)).toBe(uri);
  });
});
