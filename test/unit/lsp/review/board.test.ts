import { beforeEach, describe, expect, it } from "vitest";
import { createBoard, failedResult, type Board } from "../../../../server/lsp/review/board.ts";
import { toDiagnostic } from "../../../../server/lsp/review/diagnostic.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { ReviewState } from "../../../../server/protocol/review.ts";
import { defaultSettings, type Settings } from "../../../../server/protocol/settings.ts";
import { createManualClock, type ManualClock } from "../../../support/manualClock.ts";
import { ableClient, findingAt, resultOf } from "./support/findings.ts";

const uri = "file:///project/a.ts";
const renamed = "file:///project/b.ts";
const text = "for (let i = 0; i <= n; i++) {\n  total += i;\n}\nif (a == b) stop();\n";
const first = findingAt(text, 0, "<=", "<");
const second = findingAt(text, 3, "==", "!=", { confidence: 0.8 });

describe("what is drawn of reviews", () => {
  let clock: ManualClock;
  let board: Board;
  let settings: Settings;
  let document: { languageId: string; version: number; text: string } | undefined;
  let published: { version?: number | undefined; places: string[] }[];
  let states: ReviewState[];

  beforeEach(() => {
    clock = createManualClock();
    settings = defaultSettings;
    document = { languageId: "typescript", version: 1, text };
    published = [];
    states = [];
    board = createBoard({
      clock,
      settings: () => settings,
      documentOf: (asked) => ([uri, renamed].includes(asked) ? document : undefined),
      toDiagnostic: (of, finding) => toDiagnostic(of, finding, ableClient, "/product"),
      publish: ({ version, diagnostics }) =>
        published.push({
          version,
          places: diagnostics.map(({ range: { start } }) => `${start.line}:${start.character}`),
        }),
      sendState: (state) => states.push(state),
    });
  });

  const drawn = () => published.at(-1)?.places;
  const state = () => states.at(-1);
  const reviewed = { uri, path: "a.ts", languageId: "typescript", version: 1, text };

  function edit(next: string): void {
    document = { languageId: "typescript", version: (document?.version ?? 0) + 1, text: next };
    board.changed(uri);
    clock.advance(100);
  }

  it("are the first findings at once, and in the end all of them", () => {
    const round = board.begin(reviewed);
    expect(state()).toMatchObject({ state: "reviewing", shown: 0 });
    round.progress({ done: 1, total: 2, findings: [first] });
    expect(drawn()).toEqual(["0:18"]);
    expect(state()).toMatchObject({ state: "reviewing", shown: 1, done: 1, total: 2 });
    round.finish(resultOf([first, second]));
    expect(drawn()).toEqual(["0:18", "3:6"]);
    expect(state()).toMatchObject({ state: "done", score: 8, shown: 2, hidden: 0 });
  });

  it("leave out what is not sure enough, and count it", () => {
    board.begin(reviewed).finish(resultOf([first, { ...second, shown: false }]));
    expect(drawn()).toEqual(["0:18"]);
    expect(state()).toMatchObject({ shown: 1, hidden: 1 });
  });

  it("move with edits elsewhere and go when their own line changes", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    edit(`// above\n${text}`);
    expect(drawn()).toEqual(["1:18", "4:6"]);
    edit(`// above\n${text.replace("<=", "<")}`);
    expect(drawn()).toEqual(["4:6"]);
    expect(published.at(-1)?.version).toBe(3);
  });

  it("are never stale: a result for an older text is carried to the present one", () => {
    const round = board.begin(reviewed);
    edit(`// above\n${text.replace("==", "===")}`);
    round.finish(resultOf([first, second]));
    expect(drawn()).toEqual(["1:18"]);
  });

  it("are taken away at once when dismissed, turned off or silenced by a comment", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    board.dismiss(uri, first.fingerprint);
    expect(drawn()).toEqual(["3:6"]);
    edit(text.replace("if (a", "// starcoder-ignore-next-line\nif (a"));
    expect(drawn()).toEqual([]);
    edit(text);
    expect(drawn()).toEqual(["3:6"]);
    settings = { ...settings, "review.rules": { "starcoder/wrong-comparison": false } };
    board.refresh();
    expect(drawn()).toEqual([]);
  });

  it("follow the least confidence when it is set", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    settings = { ...settings, "review.minConfidence": 0.85 };
    board.refresh();
    expect(drawn()).toEqual(["0:18"]);
  });

  it("stay where a later review did not look, and go where it did", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    board.begin(reviewed).finish(resultOf([], { reviewed: [{ start: 0, end: 2 }] }));
    expect(drawn()).toEqual(["3:6"]);
  });

  it("stay when a review fails, which is said", () => {
    board.begin(reviewed).finish(resultOf([first]));
    board.begin(reviewed).finish(failedResult(new CodedError("HOST_DIED").toData()));
    expect(drawn()).toEqual(["0:18"]);
    expect(state()).toMatchObject({ state: "failed", scoreError: { code: "HOST_DIED" } });
  });

  it("come of the newest review only", () => {
    const old = board.begin(reviewed);
    const round = board.begin(reviewed);
    old.finish(resultOf([first]));
    expect(drawn()).toBeUndefined();
    round.finish(resultOf([second]));
    expect(drawn()).toEqual(["3:6"]);
  });

  it("are what they were before when a review is given up", () => {
    board.begin(reviewed).finish(resultOf([first]));
    const round = board.begin(reviewed);
    round.progress({ done: 1, total: 2, findings: [second] });
    round.abandon();
    expect(drawn()).toEqual(["0:18"]);
    expect(state()).toMatchObject({ state: "done" });
  });

  it("are cleared, and carried to another name", () => {
    board.begin(reviewed).finish(resultOf([first]));
    board.clear(uri);
    expect(drawn()).toEqual([]);
    expect(state()).toMatchObject({ state: "cleared" });
    expect(board.snapshot(uri)).toBeNull();
    board.begin(reviewed).finish(resultOf([first]));
    board.move(uri, "file:///project/b.ts");
    expect(board.snapshot(uri)).toBeNull();
    expect(board.snapshot("file:///project/b.ts")?.score).toBe(8);
  });

  it("are not sent again when nothing has changed", () => {
    board.begin(reviewed).finish(resultOf([first]));
    const count = published.length;
    edit(`${text}\n`);
    expect(published).toHaveLength(count);
  });

  it("stay dismissed under another name", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    board.dismiss(uri, first.fingerprint);
    board.move(uri, renamed);
    expect(board.snapshot(renamed)?.findings).toEqual([second]);
  });

  it("are whole again after a failure once there is nothing left to look at", () => {
    board.begin(reviewed).finish(resultOf([first, second]));
    board.begin(reviewed).finish(failedResult(new CodedError("HOST_DIED").toData()));
    const skipped = { reason: "unchanged" as const, detail: "" };
    board.begin(reviewed).finish(resultOf([first, second], { reviewed: [], skipped }));
    expect(state()).toMatchObject({ state: "done", score: 8, shown: 2 });
    expect(state()).not.toHaveProperty("scoreError");
  });

  it("go when a line changes that their fix stands on, and keep what is related otherwise", () => {
    const far = { range: second.range, newText: "x" };
    const fix = { title: "Both", edits: [...(first.fix?.edits ?? []), far] };
    const related = [{ range: second.range, message: "see" }];
    board.begin(reviewed).finish(resultOf([{ ...first, fix }]));
    edit(text.replace("a ==", "c =="));
    expect(drawn()).toEqual([]);
    board.begin(reviewed).finish(resultOf([{ ...first, related }]));
    edit(text.replace("a ==", "d =="));
    expect(board.shown(uri)).toMatchObject([{ range: first.range, related: [] }]);
  });
});
