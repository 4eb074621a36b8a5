import { ruleIds, type RuleId } from "../../protocol/review.ts";
import data from "./curves.json" with { type: "json" };

/** How sure a finding is, for one model: 1 / (1 + exp(-(bias + Σ weight × feature))). */
export interface FittedCurve {
  readonly family: string;
  /** Number of the fitted model's parameters. */
  readonly parameters: number;
  /** What it was fitted on, for people. */
  readonly fittedOn: string;
  /** Share of the fitted functions that held a mistake. */
  readonly faultyShare: number;
  /** Names from `featureNames`, one a weight. */
  readonly features: readonly string[];
  readonly weights: readonly number[];
  readonly bias: number;
  /** Least confidence that is shown where the user's setting leaves it to the curve. */
  readonly threshold: number;
  /** Rules on which the model is too weak: they stay quiet. */
  readonly quiet: readonly RuleId[];
}

/** The curve chosen for a model. */
export interface ChosenCurve {
  readonly curve: FittedCurve;
  /** For people, such as `qwen2.5-coder 0.6B`. */
  readonly name: string;
  /** Whether it was fitted on this very kind and size of model. */
  readonly own: boolean;
}

/** Every curve there is; written by `npm run eval:review`. */
export const curves: readonly FittedCurve[] = data.curves.map((curve) => ({
  ...curve,
  quiet: ruleIds.filter((rule) => (curve.quiet as readonly string[]).includes(rule)),
}));

/** How far apart two families are, and within what two sizes are one, in powers of ten of parameters. */
const OTHER_FAMILY = 1.5;
const SAME_SIZE = 0.1;

/** The curve for a model: the nearest, by powers of ten in size; another family is far away. */
export function curveFor(
  model: { readonly parameters: number },
  familyId: string,
  among: readonly FittedCurve[] = curves,
): ChosenCurve {
  const distance = (curve: FittedCurve): number =>
    Math.abs(
      Math.log10(Math.max(1, curve.parameters)) - Math.log10(Math.max(1, model.parameters)),
    ) + (curve.family === familyId ? 0 : OTHER_FAMILY);
  const [first, ...others] = among;
  if (first === undefined) throw new Error("There is no curve to judge findings by.");
  const curve = others.reduce(
    (best, other) => (distance(other) < distance(best) ? other : best),
    first,
  );
  return {
    curve,
    name: `${curve.family} ${sizeOf(curve.parameters)}`,
    own: distance(curve) <= SAME_SIZE,
  };
}

function sizeOf(parameters: number): string {
  return parameters >= 1e8
    ? `${(parameters / 1e9).toFixed(1)}B`
    : `${(parameters / 1e6).toFixed(1)}M`;
}
