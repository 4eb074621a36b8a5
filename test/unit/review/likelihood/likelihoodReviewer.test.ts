import { beforeAll, describe, expect, it } from "vitest";
import type { FittedCurve } from "../../../../server/review/likelihood/curves.ts";
import { createLikelihoodReviewer } from "../../../../server/review/likelihood/likelihoodReviewer.ts";
import type { Chunk, Finding, ReviewDocument } from "../../../../server/review/types.ts";
import type { Syntax } from "../../../../server/syntax/syntaxService.ts";
import { loadedSyntax } from "../../../support/syntax.ts";
import { createOddsEngine, type OddsEngine, type OddsOf } from "./support/oddsEngine.ts";
import { chunkOf, documentOf } from "./support/proposals.ts";

const curve: FittedCurve = {
  family: "starcoder2",
  parameters: 3e9,
  fittedOn: "nothing",
  faultyShare: 0.1,
  features: ["total", "same-operands"],
  weights: [1, 6],
  bias: -6,
  threshold: 0.5,
  quiet: [],
};

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax("typescript");
});

const source = "function clamp(low: number, high: number) {\n  return low < high && low < 9;\n}\n";

interface Options {
  readonly curve?: FittedCurve;
  readonly minConfidence?: number;
  readonly isOn?: (rule: string) => boolean;
  readonly document?: ReviewDocument;
  readonly chunk?: Chunk;
  readonly engine?: OddsEngine;
  readonly signal?: AbortSignal;
}

async function review(oddsOf: OddsOf, options: Options = {}) {
  const engine = options.engine ?? createOddsEngine(oddsOf);
  const reviewer = createLikelihoodReviewer({
    engine,
    syntax,
    familyOf: () => ({
      id: "starcoder2",
      fileStart: (path) => [{ special: "<file_sep>" }, { text: `${path}\n` }],
    }),
    settings: () => ({
      minConfidence: options.minConfidence ?? -1,
      isOn: options.isOn ?? (() => true),
    }),
    curves: [options.curve ?? curve],
  });
  const early: Finding[] = [];
  const document = options.document ?? documentOf(source, "typescript");
  const outcome = await reviewer.review(
    document,
    options.chunk ?? chunkOf(document.text),
    (finding) => early.push(finding),
    options.signal ?? new AbortController().signal,
  );
  const findings = outcome.kind === "done" ? outcome.findings : [];
  return { engine, outcome, findings, early };
}

/** Odds for edited texts that hold a piece. */
function favour(pieces: Readonly<Record<string, number>>): OddsOf {
  return (edited) => {
    const found = Object.entries(pieces).find(([piece]) => edited.includes(piece));
    return { change: found?.[1] ?? -5 };
  };
}

describe("a review by likelihood", () => {
  it("finds what makes the code much likelier, says so early, and fixes it", async () => {
    const { findings, early, outcome } = await review(favour({ "low <= high": 9 }));
    expect(early.map(({ rule }) => rule)).toEqual(["starcoder/wrong-comparison"]);
    expect(findings).toMatchObject([
      {
        rule: "starcoder/wrong-comparison",
        origin: "likelihood",
        message: "`<` is unlikely here: did you mean `<=`?",
        odds: 9,
        severity: "warning",
        shown: true,
        changes: [{ start: source.indexOf("<"), end: source.indexOf("<") + 1, text: "<=" }],
      },
    ]);
    expect(findings[0]?.confidence).toBeCloseTo(0.953, 2);
    expect(findings[0]?.why).toContain("8103 times");
    expect(outcome).toMatchObject({ usage: { evaluatedTokens: 7 } });
  });

  it("says nothing of code that is likely as it stands", async () => {
    const { findings, early } = await review(favour({}));
    expect(findings).toEqual([]);
    expect(early).toEqual([]);
  });

  it("keeps one finding for a place: the likeliest of those that compete", async () => {
    const { findings } = await review(
      favour({ "low <= high": 7, "low > high": 9, "high < high": 8 }),
    );
    expect(findings.map(({ changes }) => changes[0]?.text)).toEqual([">"]);
  });

  it("keeps weaker findings back as hints", async () => {
    const { findings, early } = await review(favour({ "low <= high": 5 }));
    expect(findings).toMatchObject([{ shown: false, severity: "hint" }]);
    expect(early).toEqual([]);
  });

  it("draws what is rather wrong than right as information only", async () => {
    const { findings } = await review(favour({ "low <= high": 5 }), { minConfidence: 0.2 });
    expect(findings).toMatchObject([{ shown: true, severity: "information" }]);
    expect(findings[0]?.confidence).toBeLessThan(0.5);
  });

  it("shows what the user's own least confidence lets pass", async () => {
    const { findings } = await review(favour({ "low <= high": 5 }), { minConfidence: 0.2 });
    expect(findings).toMatchObject([{ shown: true }]);
    const strict = await review(favour({ "low <= high": 9 }), { minConfidence: 0.99 });
    expect(strict.findings).toMatchObject([{ shown: false }]);
  });

  it("does not even ask for rules that are off, or on which the model is too weak", async () => {
    const oddsOf = favour({ "low <= high": 9 });
    const quiet = await review(oddsOf, {
      curve: { ...curve, quiet: ["starcoder/wrong-comparison"] },
    });
    const off = await review(oddsOf, { isOn: (rule) => rule !== "starcoder/wrong-comparison" });
    for (const { findings, engine } of [quiet, off]) {
      expect(findings).toEqual([]);
      const texts = engine.asked.flatMap(({ alternatives }) =>
        alternatives.flatMap(({ changes }) => changes.map(({ text }) => text)),
      );
      expect(texts).not.toContain("<=");
    }
  });

  it("believes no odds that are no numbers, and none that were given up", async () => {
    const { findings } = await review((edited) =>
      edited.includes("low <= high") ? { change: NaN } : { change: 20, complete: false },
    );
    expect(findings).toEqual([]);
  });

  it("says that both sides are the same even where the model offers nothing better", async () => {
    const text = "function f(a: number, b: number) {\n  return a === a;\n}\n";
    const { findings } = await review(favour({}), { document: documentOf(text, "typescript") });
    expect(findings).toMatchObject([
      {
        rule: "starcoder/same-operands",
        message: "Both sides of `===` are the same.",
        changes: [],
      },
    ]);
  });

  it("points to where the likelier name is declared", async () => {
    const { findings } = await review(favour({ "high < high": 12 }));
    expect(findings[0]?.related).toEqual([
      {
        start: source.indexOf("high"),
        end: source.indexOf("high") + 4,
        message: "`high` is declared here.",
      },
    ]);
  });

  it("shows the model the context before the chunk, and looks at the chunk only", async () => {
    const start = source.indexOf("function");
    const context = "import { x } from 'y';\n";
    const chunk = chunkOf(source, undefined, context);
    const { engine } = await review(favour({}), { chunk });
    const [request] = engine.asked;
    expect(request?.prefix).toEqual([{ special: "<file_sep>" }, { text: "a\n" }]);
    expect(request?.text).toBe(context + source.slice(start));
    expect(request?.from).toBe(context.length);
    expect(
      request?.alternatives.every(({ changes }) => (changes[0]?.start ?? 0) >= context.length),
    ).toBe(true);
  });

  it("hides carriage returns from the model and still changes the right place", async () => {
    const text = source.replaceAll("\n", "\r\n");
    const document = documentOf(text, "typescript");
    const { findings, engine } = await review(favour({ "low <= high": 9 }), { document });
    expect(engine.asked[0]?.text).not.toContain("\r");
    expect(findings[0]?.start).toBe(text.indexOf("<"));
  });

  it("asks for no more the longer the file, and for more the more lines have changed", async () => {
    const most = async (lines: number): Promise<number> => {
      const chunk = chunkOf(source, [{ start: 0, end: lines }]);
      const { engine } = await review(favour({}), { chunk });
      return engine.asked[0]?.most ?? 0;
    };
    const [two, three] = [await most(2), await most(3)];
    const longer = documentOf(source + "\n".repeat(500), "typescript");
    const { engine } = await review(favour({}), {
      document: longer,
      chunk: { ...chunkOf(source), end: source.length, lines: [{ start: 0, end: 3 }] },
    });
    expect(three).toBeGreaterThan(two);
    expect(engine.asked[0]?.most).toBe(three);
  });

  it("does not ask the model where no grammar reads the code", async () => {
    const document = documentOf(source, "cobol");
    const { outcome, engine } = await review(favour({}), { document });
    expect(outcome).toEqual({ kind: "done", findings: [], usage: undefined });
    expect(engine.asked).toEqual([]);
  });

  it("hands on that it was cancelled, and why it failed", async () => {
    const aborted = await review(favour({}), { signal: AbortSignal.abort() });
    expect(aborted.outcome).toEqual({ kind: "cancelled" });
    const error = { code: "SCORES_INVALID", message: "no number" } as never;
    const failing = createOddsEngine(favour({}));
    const { outcome } = await review(favour({}), {
      engine: { ...failing, weigh: () => Promise.resolve({ kind: "failed", error }) },
    });
    expect(outcome).toEqual({ kind: "failed", error });
  });
});
