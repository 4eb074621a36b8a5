import type { Check } from "../check.ts";
import { findingOf } from "./completion.ts";

/** A review of a few lines really comes to an end. */
export const reviewCheck: Check = {
  name: "review",
  title: "Test review",
  group: "service",
  why: "A review uses the model otherwise than a suggestion does.",
  slow: true,
  alone: true,
  timeoutMs: 180_000,
  run: async ({ product }, signal) => findingOf(await product.review(signal)),
};
