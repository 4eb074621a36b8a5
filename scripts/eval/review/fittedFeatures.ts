import { ruleIds } from "../../../server/protocol/review.ts";
import { ruleFeature } from "../../../server/review/likelihood/features.ts";

/** Features that curves are fitted on; chosen by cross-validation over the fit packages. */
export const fittedFeatures: readonly string[] = [
  "change",
  "after",
  "rootTotal",
  "relative",
  "written",
  "belowBest",
  "meanSurprise",
  "outlier",
  "siteMargin",
  "evidence",
  "leavesUnused",
  "alternativeUnused",
  "logWrittenSeen",
  "logEditedSeen",
  "logSameElsewhere",
  "repeated",
  "sameKind",
  "change of names",
  "after of names",
  "alternative of names",
  "written of names",
  ...ruleIds.filter((id) => id !== "starcoder/comment").map(ruleFeature),
];
