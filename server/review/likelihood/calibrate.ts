import type { FittedCurve } from "./curves.ts";
import { featureNames } from "./features.ts";

/**
 * The share of changed functions that is taken to hold a mistake of the kinds looked for. The confidence
 * is a probability given this share: a curve fitted where every other function was faulty would claim
 * far too much in code that a person has just written with care.
 */
export const ASSUMED_FAULTY_SHARE = 0.1;

/**
 * Probability, 0 to 1, that a finding is right, by a curve, from feature values in the order of
 * `featureNames`; features that a curve does not name count nothing.
 */
export function confidenceOf(values: readonly number[], curve: FittedCurve): number {
  let z = curve.bias + logit(ASSUMED_FAULTY_SHARE) - logit(curve.faultyShare);
  curve.features.forEach((name, i) => {
    z += (curve.weights[i] ?? 0) * (values[featureNames.indexOf(name)] ?? 0);
  });
  const confidence = 1 / (1 + Math.exp(-z));
  return Number.isNaN(confidence) ? 0 : confidence;
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
