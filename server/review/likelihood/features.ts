import type { Odds } from "../../protocol/host.ts";
import { ruleIds, type RuleId } from "../../protocol/review.ts";
import type { Fragments } from "./fragments.ts";
import type { Facts } from "./proposal.ts";

export interface FeatureInput {
  readonly rule: RuleId;
  readonly languageId: string;
  readonly odds: Odds;
  /** Log-odds of the first token that differs, and its log-probability as written. */
  readonly first: number;
  readonly written: number;
  /** Log-probability of the likeliest token there. */
  readonly best: number;
  /** Mean of −log-probability over the chunk: how odd the model finds this code altogether. */
  readonly meanSurprise: number;
  readonly facts: Facts;
  readonly fragments: Fragments;
  /** The greatest odds at another site of the chunk; 0 where none is positive. */
  readonly rival: number;
  /** The greatest odds of another alternative of the same site; 0 where none is positive. */
  readonly siteRival: number;
  /** Other sites of the chunk where the same text instead of the same text is likelier too. */
  readonly sameElsewhere: number;
  /** How many alternatives the site had. */
  readonly alternatives: number;
}

const total = ({ odds }: FeatureInput): number => within(odds.change + odds.after, -15, 20);

/** What the confidence is computed from, by name. A curve names those it uses; new ones go at the end. */
const FEATURES: Readonly<Record<string, (input: FeatureInput) => number>> = {
  /** Log-odds of the alternative: all of it, the change itself, what follows. In nats. */
  total,
  change: ({ odds }) => within(odds.change, -12, 15),
  after: ({ odds }) => within(odds.after, -10, 12),
  /** Both the change and what follows must speak for it. */
  weaker: ({ odds }) => within(Math.min(odds.change, odds.after), -8, 8),
  /** Beyond some point more odds say little. */
  rootTotal: (input) => Math.sign(total(input)) * Math.sqrt(Math.abs(total(input))),
  first: ({ first }) => within(first, -10, 15),
  written: ({ written }) => within(written, -15, 0),
  /** How likely the alternative's first token is, and how far it is behind the likeliest one. */
  alternative: ({ written, first }) => within(written + first, -12, 0),
  belowBest: ({ best, written, first }) => within(best - written - first, 0, 10),
  meanSurprise: ({ meanSurprise }) => within(meanSurprise, 0, 5),
  /** Odds in units of how odd the model finds the code anyway. */
  relative: (input) => total(input) / (0.5 + within(input.meanSurprise, 0, 5)),
  /** How far it stands out from the other places of the chunk. */
  outlier: (input) => within(total(input) - Math.max(0, input.rival), -10, 15),
  siteMargin: (input) => within(total(input) - Math.max(0, input.siteRival), -8, 12),
  logSameElsewhere: ({ sameElsewhere }) => Math.log1p(sameElsewhere),
  logAlternatives: ({ alternatives }) => Math.log1p(alternatives),
  logWrittenSeen: ({ fragments }) => Math.log1p(fragments.written),
  logEditedSeen: ({ fragments }) => Math.log1p(fragments.edited),
  logWrittenSeenWide: ({ fragments }) => Math.log1p(fragments.writtenWide),
  logEditedSeenWide: ({ fragments }) => Math.log1p(fragments.editedWide),
  evidence: ({ facts }) => facts.evidence ?? 0,
  alternativeUnused: ({ facts }) => facts.alternativeUnused ?? 0,
  leavesUnused: ({ facts }) => facts.leavesUnused ?? 0,
  logWrittenUses: ({ facts }) => Math.log1p(facts.writtenUses ?? 0),
  logAlternativeUses: ({ facts }) => Math.log1p(facts.alternativeUses ?? 0),
  repeated: ({ facts }) => facts.repeated ?? 0,
  sameKind: ({ facts }) => facts.sameKind ?? 0,
  python: ({ languageId }) => Number(languageId === "python"),
  javascript: ({ languageId }) => Number(languageId.startsWith("javascript")),
  ...Object.fromEntries(
    ruleIds.map((id) => [ruleFeature(id), ({ rule }: FeatureInput) => Number(rule === id)]),
  ),
  /**
   * Names are unlike operators: a rare one costs many nats wherever it stands, and one that is used
   * elsewhere, or fits what follows, says more than its odds.
   */
  "change of names": ifName(({ odds }) => within(odds.change, -12, 15)),
  "after of names": ifName(({ odds }) => within(odds.after, -10, 12)),
  "alternative of names": ifName(({ written, first }) => within(written + first, -12, 0)),
  "written of names": ifName(({ written }) => within(written, -15, 0)),
};

function ifName(feature: (input: FeatureInput) => number): (input: FeatureInput) => number {
  return (input) =>
    input.rule === "starcoder/wrong-identifier" || input.rule === "starcoder/wrong-member"
      ? feature(input)
      : 0;
}

export const featureNames: readonly string[] = Object.keys(FEATURES);

/** The feature that is 1 for findings of a rule: its weight is the rule's own bias. */
export function ruleFeature(rule: RuleId): string {
  return rule.replace("starcoder/", "");
}

/** The features' values, in the order of `featureNames`. Pure; no value is NaN or infinite. */
export function featuresOf(input: FeatureInput): number[] {
  return Object.values(FEATURES).map((feature) => feature(input));
}

function within(value: number, least: number, most: number): number {
  return Number.isNaN(value) ? 0 : Math.max(least, Math.min(most, value));
}
