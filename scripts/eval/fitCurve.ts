import type { FittedCurve } from "../../server/completion/show/curves.ts";
import { featureNames, featuresOf } from "../../server/completion/show/features.ts";
import { partsOf } from "../../server/completion/show/shorten.ts";
import type { Syntax } from "../../server/syntax/syntaxService.ts";
import { coverageOf, isRightPart, judgeLines, precisionOf, type GateRow } from "./judgeLines.ts";
import { fitLogistic } from "./logistic.ts";
import type { MeasuredLine } from "./measureLines.ts";

/** Features that curves are fitted on; chosen by cross-validation over the fit packages. */
export const fittedFeatures: readonly string[] = ["logOdds", "logTokens", "whole"];

/** Strength of the penalty; hundreds of lines and a handful of features need little. */
const l2 = 2;

/**
 * What the gate must reach on the fit packages, a margin above the bar of 0.5 on others. `whole` is
 * the precision of whole lines; `strict` is that of all that is shown, if a part never counted as right.
 */
const wanted = { whole: 0.75, strict: 0.58, coverage: 0.2 };

/** Thresholds that are tried. */
export const thresholds: readonly number[] = Array.from({ length: 17 }, (_, i) => (i + 2) / 20);
const partThresholds: readonly number[] = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98];
const never = 1.01;

/** One example: what would be shown, and whether it is right. */
export interface Example {
  readonly values: readonly number[];
  readonly right: boolean;
}

/** Parts of one line that become examples, besides the whole line. */
const mostParts = 2;

/** The whole first line of each suggestion, and some of the parts that it could be shortened to. */
export function examplesOf({ line, product }: MeasuredLine): Example[] {
  const { suggestion, tokens } = product;
  if (suggestion === "") return [];
  const chosen = fittedFeatures.map((name) => featureNames.indexOf(name));
  const example = (text: string, whole: boolean, right: boolean): Example => {
    const input = { text, tokens, before: line.before, after: line.after, whole };
    const values = featuresOf({ ...input, languageId: line.language });
    return { values: chosen.map((index) => values[index] ?? 0), right };
  };
  const parts = partsOf(suggestion, tokens).slice(0, mostParts);
  return [
    example(suggestion, true, suggestion.trimEnd() === line.truth),
    ...parts.map((part) => example(part, false, isRightPart(part, line.truth))),
  ];
}

/** Fits a curve for a model on measured lines and chooses its threshold on the same lines. */
export function fitCurve(
  lines: readonly MeasuredLine[],
  model: { readonly family: string; readonly parameters: number; readonly fittedOn: string },
  syntax: Pick<Syntax, "errorCount">,
): FittedCurve {
  const examples = lines.flatMap(examplesOf);
  const fitted = fitLogistic(
    examples.map(({ values }) => values),
    examples.map(({ right }) => right),
    l2,
  );
  const curve: FittedCurve = {
    ...model,
    features: fittedFeatures,
    weights: fitted.weights.map(round),
    bias: round(fitted.bias),
    threshold: 0.5,
  };
  return chooseThresholds(lines, curve, syntax);
}

/**
 * The lowest threshold at which whole lines are right often enough while enough is shown, and the
 * lowest for parts at which they do not crowd out whole lines that are right.
 */
function chooseThresholds(
  lines: readonly MeasuredLine[],
  curve: FittedCurve,
  syntax: Pick<Syntax, "errorCount">,
): FittedCurve {
  const judge = (threshold: number, partThreshold: number): GateRow =>
    judgeLines(lines, { ...curve, partThreshold }, threshold, syntax);
  const enough = thresholds.filter(
    (threshold) => coverageOf(judge(threshold, never)) >= wanted.coverage,
  );
  const threshold =
    enough.find((candidate) => precisionOf(judge(candidate, never)) >= wanted.whole) ??
    enough.at(-1) ??
    curve.threshold;
  const partThreshold =
    partThresholds.find((candidate) => {
      const { shown, wholeRight } = judge(threshold, candidate);
      return wholeRight >= wanted.strict * shown;
    }) ?? 1;
  return { ...curve, threshold, partThreshold };
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
