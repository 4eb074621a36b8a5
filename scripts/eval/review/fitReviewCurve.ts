import { ruleIds, type RuleId } from "../../../server/protocol/review.ts";
import type { FittedCurve } from "../../../server/review/likelihood/curves.ts";
import { featureNames } from "../../../server/review/likelihood/features.ts";
import { confidenceOf } from "../../../server/review/likelihood/calibrate.ts";
import { fitLogistic } from "../logistic.ts";
import { seedOf } from "../random.ts";
import { findingsOf, judgeCase, topOf, type JudgedCase, type JudgedFinding } from "./judgeCases.ts";
import type { MeasuredCase, MeasuredProposal } from "./measureCases.ts";
import { areaUnderCurve, thresholdFor } from "./reviewStatistics.ts";

/** Strength of the penalty on the weights. */
const l2 = 20;
/** Of each version only the strongest proposals teach: the others never decide anything. */
const hardest = 6;
const passes = 3;
/** Share of clean functions that may be flagged at the default. */
const allowedFalseAlarms = 0.02;
/** A rule is kept where its proposals tell bugs from clean code at least so well, beyond doubt. */
const leastPower = 0.55;
const folds = 5;

interface Row {
  readonly values: readonly number[];
  readonly right: boolean;
}

type CurveModel = Pick<FittedCurve, "family" | "parameters" | "fittedOn">;

function pick(values: readonly number[], features: readonly string[]): number[] {
  return features.map((name) => values[featureNames.indexOf(name)] ?? 0);
}

/** Proposals that teach: those that restore, and the strongest that do not. */
function rowsOf(
  cases: readonly MeasuredCase[],
  features: readonly string[],
  curve: FittedCurve,
): Row[] {
  return cases.flatMap(({ clean, bug }) =>
    [clean, bug].flatMap((version) => {
      const usable = version.proposals.filter(
        ({ weighed, restores, onBugLine }) =>
          !curve.quiet.includes(weighed.proposal.rule) && (restores || !onBugLine),
      );
      const score = ({ weighed }: MeasuredProposal): number => confidenceOf(weighed.values, curve);
      const strongest = usable
        .filter(({ restores }) => !restores)
        .sort((a, b) => score(b) - score(a))
        .slice(0, hardest);
      return [...usable.filter(({ restores }) => restores), ...strongest].map(
        ({ weighed, restores }) => ({ values: pick(weighed.values, features), right: restores }),
      );
    }),
  );
}

/** Fits weights, then the probability that the top finding of a function is right. */
function fitWeights(
  cases: readonly MeasuredCase[],
  features: readonly string[],
  start: FittedCurve,
): FittedCurve {
  let curve = start;
  for (let pass = 0; pass < passes; pass += 1) {
    const rows = rowsOf(cases, features, curve);
    const fitted = fitLogistic(
      rows.map(({ values }) => values),
      rows.map(({ right }) => right),
      l2,
    );
    curve = { ...curve, features, weights: fitted.weights, bias: fitted.bias, faultyShare: 0.5 };
  }
  return calibrated(cases, curve);
}

/** Scales a curve so that its confidence is the share of top findings that are right. */
function calibrated(cases: readonly MeasuredCase[], curve: FittedCurve): FittedCurve {
  const rows = cases.flatMap(({ clean, bug }) =>
    [clean, bug].flatMap((version): Row[] => {
      const top = findingsOf(version, curve)[0];
      if (top === undefined) return [];
      return [{ values: [logit(top.confidence)], right: top.restores || top.onBugLine }];
    }),
  );
  if (rows.length === 0) return curve;
  const { weights, bias } = fitLogistic(
    rows.map(({ values }) => values),
    rows.map(({ right }) => right),
    0.1,
  );
  const scale = weights[0] ?? 1;
  // `confidenceOf` shifts by the assumed share of faulty functions: the fit saw shifted values.
  const shift = logit(confidenceOf([], { ...curve, features: [], bias: 0 }));
  return {
    ...curve,
    weights: curve.weights.map((weight) => weight * scale),
    bias: scale * (curve.bias + shift) + bias,
  };
}

function logit(probability: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(p / (1 - p));
}

/** Each case judged by a curve that was fitted on the packages of the other folds. */
function judgedOutside(
  cases: readonly MeasuredCase[],
  features: readonly string[],
  start: FittedCurve,
): JudgedCase[] {
  const foldOf = (one: MeasuredCase): number => seedOf(one.case.package) % folds;
  return Array.from({ length: folds }, (_, fold) => {
    const inside = cases.filter((one) => foldOf(one) !== fold);
    const outside = cases.filter((one) => foldOf(one) === fold);
    if (outside.length === 0) return [];
    const curve = fitWeights(inside.length === 0 ? outside : inside, features, start);
    return outside.map((one) => judgeCase(one, curve));
  }).flat();
}

/** How well a rule's strongest proposal tells versions that it restores from clean ones. */
export function powerOf(
  rule: RuleId,
  cases: readonly MeasuredCase[],
  curve: FittedCurve,
): { readonly area: number; readonly error: number; readonly count: number } {
  const ofRule = ({ weighed }: MeasuredProposal): boolean => weighed.proposal.rule === rule;
  const score = ({ weighed }: MeasuredProposal): number => confidenceOf(weighed.values, curve);
  const right = cases.flatMap(({ bug }) =>
    bug.proposals.filter((each) => ofRule(each) && each.restores).map(score),
  );
  const wrong = cases.flatMap(({ clean }) => {
    const scores = clean.proposals.filter(ofRule).map(score);
    return scores.length === 0 ? [] : [Math.max(...scores)];
  });
  const [n, m] = [right.length, wrong.length];
  if (n === 0 || m === 0) return { area: NaN, error: NaN, count: n };
  const area = areaUnderCurve(right, wrong);
  // Hanley and McNeil, 1982.
  const q1 = area / (2 - area);
  const q2 = (2 * area * area) / (1 + area);
  const variance =
    (area * (1 - area) + (n - 1) * (q1 - area ** 2) + (m - 1) * (q2 - area ** 2)) / (n * m);
  return { area, error: Math.sqrt(variance), count: n };
}

/** Fewest bugs that say anything of a rule; a rule of which too little is known stays on. */
const fewestOfRule = 4;

function powerlessRules(cases: readonly MeasuredCase[], curve: FittedCurve): RuleId[] {
  return ruleIds.filter((rule) => {
    const { area, error, count } = powerOf(rule, cases, curve);
    return count >= fewestOfRule && area - 1.64 * error < leastPower;
  });
}

/** So few mistakes say little of a rule. */
const fewestMistakes = 2;

/** Rules that would be wrong more often than right at a threshold. */
export function mistakenRules(judged: readonly JudgedCase[], threshold: number): RuleId[] {
  return ruleIds.filter((rule) => {
    const isShown = (one: JudgedFinding): boolean =>
      one.rule === rule && one.confidence >= threshold;
    const inBugs = judged.flatMap(({ bug }) => bug.filter(isShown));
    const right = inBugs.filter(({ onBugLine }) => onBugLine).length;
    const wrong =
      inBugs.length - right + judged.flatMap(({ clean }) => clean.filter(isShown)).length;
    return wrong >= fewestMistakes && right < wrong;
  });
}

/**
 * Fits a curve on measured cases: weights on all of them; the threshold, and which rules stay quiet,
 * on what curves say that did not see the package.
 */
export function fitReviewCurve(
  cases: readonly MeasuredCase[],
  model: CurveModel,
  features: readonly string[],
): { readonly curve: FittedCurve; readonly outside: readonly JudgedCase[] } {
  const start: FittedCurve = {
    ...model,
    faultyShare: 0.5,
    features: ["total"],
    weights: [1],
    bias: -6,
    threshold: 0.5,
    quiet: [],
  };
  const powerless = powerlessRules(cases, fitWeights(cases, features, start));
  const judge = (quiet: readonly RuleId[]): JudgedCase[] =>
    judgedOutside(cases, features, { ...start, quiet });
  const levelOf = (judged: readonly JudgedCase[]): number =>
    thresholdFor(
      judged.map((one) => topOf(one.clean)),
      allowedFalseAlarms,
    );
  const tried = judge(powerless);
  const quiet = [...powerless, ...mistakenRules(tried, levelOf(tried))];
  const outside = judge(quiet);
  const curve = fitWeights(cases, features, { ...start, quiet });
  const threshold = levelOf(outside);
  return {
    curve: {
      ...curve,
      weights: curve.weights.map(round),
      bias: round(curve.bias),
      threshold: Math.min(0.99, Number((threshold + 0.0005).toFixed(3))),
    },
    outside,
  };
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
