import { ruleIds } from "../../../server/protocol/review.ts";
import { ruleFeature } from "../../../server/review/likelihood/features.ts";

/** Features that curves are fitted on; chosen by cross-validation over the fit packages. */
export const fittedFeatures: readonly string[] = [
  "change",
  "after",
  "rootTotal",
  "meanSurprise",
  "outlier",
  "siteMargin",
  "evidence",
  "leavesUnused",
  "alternativeUnused",
  ...ruleIds.filter((id) => id !== "starcoder/comment").map(ruleFeature),
];
