import { beforeEach, describe, expect, it } from "vitest";
import type { EngineState } from "../../../../server/engine/engine.ts";
import { createBoard, type Board } from "../../../../server/lsp/review/board.ts";
import { toDiagnostic } from "../../../../server/lsp/review/diagnostic.ts";
import { createReviewRuns, type ReviewRuns } from "../../../../server/lsp/review/review.ts";
import { createLogger } from "../../../../server/logs/logger.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { ReviewState } from "../../../../server/protocol/review.ts";
import { defaultSettings, type Settings } from "../../../../server/protocol/settings.ts";
import type { Reviewer, ReviewOutcome, ReviewRequest } from "../../../../server/review/types.ts";
import { createManualClock, type ManualClock } from "../../../support/manualClock.ts";
import { createFakeEngine, readyState } from "../../review/support/fixture.ts";
import { ableClient, findingAt, resultOf } from "./support/findings.ts";

const uri = "file:///project/a.ts";
const text = "if (a <= b) stop();\n";
const finding = findingAt(text, 0, "<=", "<");

interface Asked {
  readonly request: ReviewRequest;
  readonly signal: AbortSignal;
  readonly answer: (outcome: ReviewOutcome) => void;
}

describe("when documents are reviewed", () => {
  let clock: ManualClock;
  let settings: Settings;
  let engine: ReturnType<typeof createFakeEngine>;
  let asked: Asked[];
  let states: ReviewState[];
  let board: Board;
  let runs: ReviewRuns;
  let progress: string[];
  let closed: string[];

  function setUp(state: EngineState = readyState): void {
    clock = createManualClock();
    settings = defaultSettings;
    engine = createFakeEngine(state);
    asked = [];
    states = [];
    progress = [];
    closed = [];
    const documentOf = (of: string) =>
      of === uri ? { uri, path: "a.ts", languageId: "typescript", version: 1, text } : undefined;
    board = createBoard({
      clock,
      settings: () => settings,
      documentOf,
      toDiagnostic: (of, each) => toDiagnostic(of, each, ableClient, "/product"),
      publish: () => undefined,
      sendState: (each) => states.push(each),
    });
    const reviewer: Reviewer = {
      review: (request, _, signal) =>
        new Promise((answer) => {
          asked.push({ request, signal, answer });
          signal.addEventListener("abort", () => answer({ kind: "cancelled" }));
        }),
      opened: () => undefined,
      dismiss: () => Promise.resolve(),
      restoreDismissed: () => Promise.resolve(),
      closed: (of) => closed.push(of),
      renamed: (from, to) => closed.push(`${from} → ${to}`),
      dispose: () => undefined,
    };
    runs = createReviewRuns({
      reviewer,
      board,
      engine,
      clock,
      logger: createLogger({
        service: "server",
        sinks: [],
        level: () => "off",
        now: () => new Date(0),
      }),
      settings: () => settings,
      documentOf,
      progress: {
        create: () => Promise.resolve("token"),
        send: (_, { kind }) => progress.push(kind),
        onCancel: () => () => undefined,
      },
    });
  }

  beforeEach(() => setUp());

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const last = () => states.at(-1)?.state;
  const done = { kind: "done", result: resultOf([finding]) } as const;
  const died = {
    kind: "done",
    result: resultOf([], { scoreError: new CodedError("HOST_DIED").toData() }),
  } as const;

  it("a save reviews what changed", async () => {
    runs.saved(uri);
    expect(asked.map(({ request }) => request)).toMatchObject([
      { scope: "changed", trigger: "save", document: { uri, text } },
    ]);
    asked[0]?.answer(done);
    await settled();
    expect(last()).toBe("done");
  });

  it.each([
    ["reviews are only made on command", { "review.mode": "command" as const }],
    ["reviews are off", { "review.mode": "off" as const }],
    ["the language is off", { "review.languages": { typescript: false } }],
  ])("a save does nothing where %s", (_, own) => {
    settings = { ...settings, ...own };
    runs.saved(uri);
    expect(asked).toEqual([]);
  });

  it("a save while the model is starting is reviewed once it is ready", async () => {
    setUp({ kind: "starting" });
    runs.saved(uri);
    expect(asked).toEqual([]);
    expect(last()).toBe("reviewing");
    engine.setState(readyState);
    await settled();
    expect(asked).toHaveLength(1);
  });

  it("a save while the model has failed says why", () => {
    setUp({ kind: "failed", error: new CodedError("MODEL_INVALID") });
    runs.saved(uri);
    expect(states.at(-1)).toMatchObject({
      state: "failed",
      scoreError: { code: "MODEL_INVALID" },
    });
  });

  it("of saves that follow each other only the last is reviewed to its end", () => {
    runs.saved(uri);
    runs.saved(uri);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it("a review under which the host died is made again once when it is back, and no more", async () => {
    runs.saved(uri);
    asked[0]?.answer(died);
    await settled();
    engine.setState({ kind: "starting" });
    engine.setState(readyState);
    await settled();
    expect(asked).toHaveLength(2);
    asked[1]?.answer(died);
    await settled();
    engine.setState({ kind: "starting" });
    engine.setState(readyState);
    await settled();
    expect(asked).toHaveLength(2);
    expect(last()).toBe("failed");
  });

  it("a review on command is asked for whatever the mode, and ends by its signal", async () => {
    settings = { ...settings, "review.mode": "command" };
    const abort = new AbortController();
    const document = { uri, path: "a.ts", languageId: "typescript", version: 1, text };
    const result = runs.review({ document, scope: "file", token: undefined }, abort.signal);
    await settled();
    expect(asked[0]?.request).toMatchObject({ scope: "file", trigger: "command" });
    abort.abort();
    expect(await result).toBeUndefined();
  });

  it("a review on save shows progress when it takes long", async () => {
    runs.saved(uri);
    await settled();
    expect(progress).toEqual([]);
    clock.advance(1000);
    await settled();
    expect(progress).toEqual(["begin"]);
    asked[0]?.answer(done);
    await settled();
    expect(progress).toEqual(["begin", "end"]);
  });

  it("closing and deleting end a review; what is known outlives a close for a moment, for renames", () => {
    runs.saved(uri);
    runs.closed(uri);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect([...runs.lately()]).toEqual([uri]);
    expect(closed).toEqual([]);
    clock.advance(10_000);
    expect(closed).toEqual([uri]);
    runs.renamed(uri, "file:///project/b.ts");
    expect(closed.at(-1)).toBe(`${uri} → file:///project/b.ts`);
    runs.deleted(uri);
    expect(closed.at(-1)).toBe(uri);
  });
});
