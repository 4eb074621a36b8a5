import data from "./curves.json" with { type: "json" };

/** A logistic curve: probability = 1 / (1 + exp(-(bias + Σ weight × feature))). */
export interface Curve {
  /** Names from `featureNames`, one a weight. */
  readonly features: readonly string[];
  readonly weights: readonly number[];
  readonly bias: number;
  /** Least probability shown unasked where the user's setting leaves it to the curve. */
  readonly threshold: number;
  /**
   * Least probability at which a part of a line is shown that may not be shown whole; the threshold
   * where absent. A part is worth less than a line: it must be surer.
   */
  readonly partThreshold?: number;
}

/** A curve and what it was fitted on. */
export interface FittedCurve extends Curve {
  readonly family: string;
  /** Number of the fitted model's parameters. */
  readonly parameters: number;
  /** What it was fitted on, for people. */
  readonly fittedOn: string;
}

/** Every curve there is; written by `npm run eval:completion`. */
export const curves: readonly FittedCurve[] = data.curves;

/** How far apart two families are, in powers of ten of parameters. */
const OTHER_FAMILY = 1.5;

/**
 * The curve for a model: its family's nearest in size, or, a family without one, the nearest of another.
 * Sizes are compared by powers of ten; a model of unknown size (0) takes its family's smallest.
 */
export function curveFor(
  model: { readonly parameters: number },
  familyId: string,
  among: readonly FittedCurve[] = curves,
): Curve {
  const size = Math.log10(Math.max(1, model.parameters));
  const distance = (curve: FittedCurve): number =>
    Math.abs(Math.log10(Math.max(1, curve.parameters)) - size) +
    (curve.family === familyId ? 0 : OTHER_FAMILY);
  const [first, ...others] = among;
  if (first === undefined) throw new Error("There is no curve to show suggestions by.");
  return others.reduce((best, curve) => (distance(curve) < distance(best) ? curve : best), first);
}
