import type { Curve } from "./curves.ts";
import { featureNames, featuresOf, type FeatureInput } from "./features.ts";

/** Probability, 0 to 1, that a first line (or a part of it) is what the user wants, by a curve. */
export function probabilityOf(input: FeatureInput, curve: Curve): number {
  return probabilityFrom(featuresOf(input), curve);
}

/** The same from feature values in the order of `featureNames`; features a curve does not name count nothing. */
export function probabilityFrom(values: readonly number[], curve: Curve): number {
  let z = curve.bias;
  curve.features.forEach((name, i) => {
    z += (curve.weights[i] ?? 0) * (values[featureNames.indexOf(name)] ?? 0);
  });
  return 1 / (1 + Math.exp(-z));
}
