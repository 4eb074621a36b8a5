import { beforeEach, describe, expect, it } from "vitest";
import { CodedError } from "../../../../server/protocol/errors.ts";
import { readyState } from "../../review/support/fixture.ts";
import {
  createRunsFixture,
  died,
  done,
  finding,
  text,
  uri,
  type RunsFixture,
} from "./support/runsFixture.ts";

const renamed = "file:///project/b.ts";

describe("a review that something comes between", () => {
  let fixture: RunsFixture;

  beforeEach(() => (fixture = createRunsFixture()));

  /** Settings put in force as the server does it. */
  function set(own: Partial<RunsFixture["force"]["settings"]>): void {
    fixture.force.settings = { ...fixture.force.settings, ...own };
    fixture.runs.refresh();
    fixture.board.refresh();
  }

  it.each([
    ["reviews are turned off", { "review.mode": "off" as const }],
    ["reviews are from now on made on command only", { "review.mode": "command" as const }],
    ["its language is turned off", { "review.languages": { typescript: false } }],
    ["everything is turned off", { enabled: false }],
  ])("ends when %s, if a save began it", async (_, own) => {
    fixture.runs.saved(uri);
    set(own);
    expect(fixture.asked[0]?.signal.aborted).toBe(true);
    await fixture.settled();
    expect(fixture.last()).toBe("cleared");
  });

  it("goes on when reviews on save are turned off, if a command began it", async () => {
    const { result } = fixture.command();
    await fixture.settled();
    set({ "review.mode": "command" });
    fixture.asked[0]?.answer(done);
    expect((await result)?.score).toBe(8);
  });

  it("is not made at all when it is turned off before the model is ready", async () => {
    fixture = createRunsFixture({ kind: "starting" });
    fixture.runs.saved(uri);
    set({ "review.mode": "command" });
    expect(fixture.last()).toBe("cleared");
    fixture.engine.setState(readyState);
    await fixture.settled();
    expect(fixture.asked).toEqual([]);
  });

  it("says why when the model fails to start, and is made when it starts after all", async () => {
    fixture = createRunsFixture({ kind: "starting" });
    fixture.runs.saved(uri);
    fixture.engine.setState({ kind: "failed", error: new CodedError("MODEL_INVALID") });
    expect(fixture.states.at(-1)).toMatchObject({
      state: "failed",
      scoreError: { code: "MODEL_INVALID" },
    });
    fixture.engine.setState(readyState);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(1);
  });

  it("is left alone by a request that was cancelled before it began", async () => {
    fixture.runs.saved(uri);
    const abort = new AbortController();
    abort.abort();
    expect(await fixture.command(uri, abort).result).toBeUndefined();
    expect(fixture.asked.map(({ signal }) => signal.aborted)).toEqual([false]);
  });

  it("is made again when the host is back before its death is told", async () => {
    fixture.runs.saved(uri);
    fixture.engine.setState({ kind: "starting" });
    fixture.engine.setState(readyState);
    fixture.asked[0]?.answer(died);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(2);
    fixture.asked[1]?.answer(died);
    await fixture.settled();
    expect(fixture.asked).toHaveLength(2);
  });

  it("fails with a code when the reviewer breaks, and what was known stays", async () => {
    fixture.runs.saved(uri);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    fixture.runs.saved(uri);
    fixture.asked[1]?.fail(new Error("broken"));
    await fixture.settled();
    expect(fixture.states.at(-1)).toMatchObject({ state: "failed", shown: 1 });
    expect(fixture.states.at(-1)?.scoreError?.code).toMatch(/^[A-Z_]+$/);
    expect(fixture.drawn.get(uri)).toEqual(["0:6"]);
  });

  it("ends by its progress bar; first findings that it drew go again", async () => {
    fixture.runs.saved(uri);
    fixture.clock.advance(1000);
    await fixture.settled();
    fixture.asked[0]?.tell({ done: 1, total: 2, findings: [finding] });
    expect(fixture.drawn.get(uri)).toEqual(["0:6"]);
    fixture.cancels[0]?.();
    await fixture.settled();
    expect(fixture.drawn.get(uri)).toEqual([]);
    expect(fixture.last()).toBe("cleared");
    expect(fixture.progress).toEqual(["begin", "report", "end"]);
  });

  it("ends when its document is renamed; what was known goes to the new name", async () => {
    fixture.runs.saved(uri);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    fixture.runs.saved(uri);
    fixture.documents.delete(uri);
    fixture.runs.closed(uri);
    fixture.write(renamed, `// moved\n${text}`);
    fixture.runs.opened(renamed);
    fixture.runs.renamed(uri, renamed);
    await fixture.settled();
    expect(fixture.asked[1]?.signal.aborted).toBe(true);
    expect(fixture.drawn.get(uri)).toEqual([]);
    expect(fixture.drawn.get(renamed)).toEqual(["1:6"]);
    fixture.clock.advance(10_000);
    expect(fixture.drawn.get(renamed)).toEqual(["1:6"]);
  });

  it("draws nothing of a file that is deleted under it", async () => {
    fixture.runs.saved(uri);
    fixture.asked[0]?.tell({ done: 1, total: 2, findings: [finding] });
    fixture.runs.deleted(uri);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    expect(fixture.drawn.get(uri)).toEqual([]);
    expect(fixture.board.snapshot(uri)).toBeNull();
  });

  it("is forgotten when its document is opened anew soon after it was closed", async () => {
    fixture.runs.saved(uri);
    fixture.asked[0]?.answer(done);
    await fixture.settled();
    fixture.runs.closed(uri);
    fixture.runs.opened(uri);
    expect(fixture.board.snapshot(uri)).toBeNull();
    expect(fixture.drawn.get(uri)).toEqual([]);
  });

  it("answers a command with findings where they stand after edits in the meantime", async () => {
    const { result } = fixture.command();
    await fixture.settled();
    fixture.write(uri, `// above\n${text}`);
    fixture.asked[0]?.answer(done);
    expect((await result)?.findings.map(({ range }) => range.start.line)).toEqual([1]);
  });

  it("answers a command about a file that is not open, and draws nothing", async () => {
    const { result } = fixture.command(renamed);
    await fixture.settled();
    fixture.asked[0]?.answer(done);
    expect((await result)?.findings).toHaveLength(1);
    expect(fixture.drawn.has(renamed)).toBe(false);
    expect(fixture.states).toEqual([]);
  });

  it("ends with the server", () => {
    fixture.runs.saved(uri);
    fixture.runs.dispose();
    expect(fixture.asked[0]?.signal.aborted).toBe(true);
  });
});
