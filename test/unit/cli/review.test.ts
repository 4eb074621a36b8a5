import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted, UsageError } from "../../../server/cli/outcome.ts";
import { review, type ReviewFlags } from "../../../server/cli/review/review.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { reviewRecordSchema } from "../../../server/protocol/records.ts";
import type { ReviewResult } from "../../../server/protocol/review.ts";
import type { ReviewRequest } from "../../../server/review/types.ts";
import type { GitChanges } from "../../../server/workspace/git.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { findingAt, resultOf } from "../lsp/review/support/findings.ts";
import { createFakeEngine } from "../review/support/fixture.ts";

const text = "for (let i = 0; i <= n; i++) {\n  total += i;\n}\n";
const finding = findingAt(text, 0, "<=", "<");
const weak = findingAt(text, 1, "total", "sum", { shown: false, confidence: 0.2 });

describe("starcoder review", () => {
  let folder: string;
  let asked: ReviewRequest[];
  let results: Record<string, ReviewResult>;
  let changes: GitChanges;
  let abort: AbortController;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-review-"));
    mkdirSync(join(folder, "more", "node_modules"), { recursive: true });
    for (const name of ["a.ts", "b.py", "notes.txt", "more/c.js", "more/node_modules/d.js"]) {
      writeFileSync(join(folder, name), text);
    }
    writeFileSync(join(folder, "binary.ts"), "a\0b");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    asked = [];
    results = {};
    abort = new AbortController();
    changes = { kind: "files", files: [] };
  });

  function run(names: readonly string[], flags: ReviewFlags = {}) {
    const world = {
      reviewer: {
        review: (request: ReviewRequest) => {
          asked.push(request);
          const result = results[request.document.path] ?? resultOf([]);
          const outcome = abort.signal.aborted
            ? { kind: "cancelled" as const }
            : { kind: "done" as const, result };
          return Promise.resolve(outcome);
        },
        opened: () => undefined,
        dismiss: () => Promise.resolve(),
        restoreDismissed: () => Promise.resolve(),
        closed: () => undefined,
        renamed: () => undefined,
        dispose: () => undefined,
      },
      git: {
        textAt: () => Promise.resolve({ kind: "noRepository" as const }),
        changedSince: () => Promise.resolve(changes),
      },
      projects: { isIgnored: () => false, nameOf: () => undefined, forget: () => undefined },
      engine: createFakeEngine(),
      clock: createManualClock(),
      isStarter: () => false,
      version: "1.2.3",
    };
    const paths = names.map((name) => join(folder, name));
    return review(world as never, paths, flags, abort.signal);
  }

  it("tells findings with place, confidence and fix, and ends with 1", async () => {
    results = { "a.ts": resultOf([finding, weak]) };
    const { text: told, exitCode, record } = await run(["a.ts"]);
    expect(exitCode).toBe(1);
    expect(told).toContain(
      "a.ts:1:19 warning `<=` is unlikely here: did you mean `<`? [starcoder/wrong-comparison, 90%]\n    - <=\n    + <\n",
    );
    expect(told).toContain("score 8, 1 finding, 1 kept back");
    expect(told).not.toContain("total");
    expect(reviewRecordSchema.parse(record).files[0]?.result?.findings).toHaveLength(2);
  });

  it("ends with 0 where nothing is drawn, and lists the rest when asked", async () => {
    results = { "a.ts": resultOf([weak]) };
    const { text: told, exitCode } = await run(["a.ts"], { all: true });
    expect(exitCode).toBe(0);
    expect(told).toContain("a.ts:2:3");
    expect(told).toContain("20%, kept back");
  });

  it("reviews whole files, those in folders but for dependencies and other texts", async () => {
    await run([""]);
    expect(asked.map(({ document, scope }) => [document.path, document.languageId, scope])).toEqual(
      [
        ["a.ts", "typescript", "file"],
        ["b.py", "python", "file"],
        ["c.js", "javascript", "file"],
      ],
    );
  });

  it("reviews what changed since a revision", async () => {
    changes = { kind: "files", files: [join(folder, "b.py"), join(folder, "notes.txt")] };
    await run([], { changed: "main" });
    expect(asked).toMatchObject([{ document: { path: "b.py" }, scope: "changed", since: "main" }]);
  });

  it("takes a file behind --changed for a file", async () => {
    await run([], { changed: join(folder, "a.ts") });
    expect(asked).toMatchObject([{ document: { path: "a.ts" }, scope: "changed", since: "HEAD" }]);
  });

  it("says what could not be read, and reviews the others", async () => {
    const { notes, exitCode } = await run(["a.ts", "gone.ts", "binary.ts"]);
    expect(exitCode).toBe(0);
    expect(notes?.join("\n")).toMatch(/gone\.ts: DOCUMENT_UNSUPPORTED/);
    expect(notes?.join("\n")).toMatch(/binary\.ts: DOCUMENT_UNSUPPORTED/);
  });

  it("says what was skipped and what was left out", async () => {
    const skipped = { reason: "generated" as const, detail: "It says so." };
    results = { "a.ts": resultOf([], { skipped, unreviewedChunks: 2 }) };
    const { notes } = await run(["a.ts"]);
    expect(notes?.join("\n")).toMatch(/skipped \(generated\): It says so\.\n.*2 parts/);
  });

  it("fails with the reason where nothing could be reviewed", async () => {
    await expect(run(["gone.ts"])).rejects.toMatchObject({ code: "DOCUMENT_UNSUPPORTED" });
    results = { "a.ts": resultOf([], { scoreError: new CodedError("HOST_DIED").toData() }) };
    await expect(run(["a.ts"])).rejects.toMatchObject({ code: "HOST_DIED" });
    changes = { kind: "badRevision" };
    await expect(run([], { changed: "nowhere" })).rejects.toThrow(/nowhere/);
  });

  it("tells in SARIF of files that could not be reviewed, even where none could", async () => {
    const { record, exitCode } = await run(["gone.ts"], { sarif: true });
    expect(exitCode).toBe(3);
    expect(record).toMatchObject({
      runs: [
        {
          results: [],
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [{ descriptor: { id: "DOCUMENT_UNSUPPORTED" } }],
            },
          ],
        },
      ],
    });
  });

  it("shows a fix of several changes as the place will read", async () => {
    const place = findingAt(text, 1, "total += i", "");
    const { line, character } = place.range.start;
    const at = (start: number, end: number, newText: string) => ({
      range: {
        start: { line, character: character + start },
        end: { line, character: character + end },
      },
      newText,
    });
    const fix = { title: "Swap", edits: [at(0, 5, "i"), at(9, 10, "total")] };
    results = { "a.ts": resultOf([{ ...place, fix }]) };
    expect((await run(["a.ts"])).text).toContain("    - total += i\n    + i += total\n");
  });

  it("only names a fix that changes something elsewhere", async () => {
    const edits = [{ range: finding.range, newText: "sum" }];
    results = { "a.ts": resultOf([{ ...weak, shown: true, fix: { title: "Rename", edits } }]) };
    expect((await run(["a.ts"])).text).toContain("]\n    Rename\n");
  });

  it("ends where somebody presses Ctrl-C", async () => {
    abort.abort();
    await expect(run(["a.ts"])).rejects.toThrow(Interrupted);
  });

  it("wants a file, and one kind of output", async () => {
    await expect(run([])).rejects.toThrow(UsageError);
    await expect(run(["a.ts"], { json: true, sarif: true })).rejects.toThrow(UsageError);
  });
});
