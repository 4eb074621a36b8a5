import type { EvalLanguage } from "./packages.ts";
import { coverageOf, precisionOf, type GateRow } from "./judgeLines.ts";
import type { Answer, MeasuredLine } from "./measureLines.ts";
import { seededRandom } from "./random.ts";
import { meanOf, pairedBootstrap, shareRight, type Interval } from "./statistics.ts";

const languages: readonly EvalLanguage[] = ["typescript", "javascript", "python"];

/** Plain and product answers of the same lines, compared. */
export interface Comparison {
  readonly lines: number;
  readonly plainExact: number;
  readonly productExact: number;
  readonly plainShare: number;
  readonly productShare: number;
  /** Product minus plain, a line: exact match, and share right from the start. */
  readonly exactDifference: Interval;
  readonly shareDifference: Interval;
}

/** Compares the two prompts over the lines that were asked with both. */
export function compare(measured: readonly MeasuredLine[], seed: number): Comparison {
  const pairs = measured.flatMap(({ line, plain, product }) =>
    plain === undefined ? [] : [{ truth: line.truth, plain, product }],
  );
  const exact = (answer: Answer, truth: string): number => Number(answer.restOfLine === truth);
  const share = (answer: Answer, truth: string): number => shareRight(answer.restOfLine, truth);
  const differences = (score: typeof exact): number[] =>
    pairs.map(({ plain, product, truth }) => score(product, truth) - score(plain, truth));
  const random = seededRandom(seed);
  return {
    lines: pairs.length,
    plainExact: pairs.filter(({ plain, truth }) => exact(plain, truth) === 1).length,
    productExact: pairs.filter(({ product, truth }) => exact(product, truth) === 1).length,
    plainShare: meanOf(pairs.map(({ plain, truth }) => share(plain, truth))),
    productShare: meanOf(pairs.map(({ product, truth }) => share(product, truth))),
    exactDifference: pairedBootstrap(differences(exact), random),
    shareDifference: pairedBootstrap(differences(share), random),
  };
}

/** The comparison as a table, by language and in all. */
export function comparisonLines(measured: readonly MeasuredLine[], seed: number): string[] {
  const rows = [...languages, undefined].map((language) => {
    const of = measured.filter(({ line }) => language === undefined || line.language === language);
    const { lines, plainExact, productExact, plainShare, productShare } = compare(of, seed);
    return [
      (language ?? "all").padEnd(12),
      String(lines).padStart(5),
      `${plainExact} → ${productExact}`.padStart(13),
      `${plainShare.toFixed(3)} → ${productShare.toFixed(3)}`.padStart(18),
    ].join("");
  });
  const { exactDifference, shareDifference } = compare(measured, seed);
  return [
    "rest of the line, plain PSM → the product's prompt",
    `${"".padEnd(12)}lines        exact       share right`,
    ...rows,
    `product − plain: exact ${intervalText(exactDifference)}, share ${intervalText(shareDifference)}`,
    `(paired bootstrap, 95%): the product's prompt is ${verdict(exactDifference, shareDifference)}`,
  ];
}

function intervalText({ mean, low, high }: Interval): string {
  const text = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
  return `${text(mean)} [${text(low)}, ${text(high)}]`;
}

function verdict(exact: Interval, share: Interval): string {
  if (exact.low > 0 && share.low > 0) return "better by both";
  if (exact.low > 0) return "better by exact match";
  if (exact.mean >= 0 && share.mean >= 0) return "at least as good";
  return "worse";
}

/** The gate's rows as a table; `*` marks the default. */
export function gateLines(rows: readonly GateRow[], standard: number): string[] {
  return [
    "threshold    shown   right   precision  coverage   whole lines: shown   right   precision",
    ...rows.map((row) =>
      [
        `${row.threshold.toFixed(2)}${row.threshold === standard ? " *" : "  "}`.padEnd(10),
        String(row.shown).padStart(8),
        String(row.right).padStart(8),
        precisionOf(row).toFixed(3).padStart(12),
        coverageOf(row).toFixed(3).padStart(10),
        String(row.wholeShown).padStart(21),
        String(row.wholeRight).padStart(8),
        (row.wholeShown === 0 ? 1 : row.wholeRight / row.wholeShown).toFixed(3).padStart(12),
      ].join(""),
    ),
  ];
}

/** What the default lets through, in words. */
export function defaultLines(row: GateRow): string[] {
  const { shown, all, right, wholeShown, wholeRight } = row;
  const per = (part: number): string => (shown === 0 ? "–" : (part / shown).toFixed(3));
  return [
    `at the default ${shown} of ${all} lines get a suggestion: coverage ${coverageOf(row).toFixed(3)}`,
    `right as far as shown ${right}: precision ${per(right)}`,
    `the line right to its end ${wholeRight} (${wholeShown} shown whole): precision ${per(wholeRight)}`,
  ];
}
