import type { RuleId } from "../../../server/protocol/review.ts";
import { confidenceOf } from "../../../server/review/likelihood/calibrate.ts";
import { choose } from "../../../server/review/likelihood/choose.ts";
import type { FittedCurve } from "../../../server/review/likelihood/curves.ts";
import type { EvalLanguage } from "../packages.ts";
import type { BugKind } from "./inject/bugs.ts";
import type { MeasuredCase, MeasuredProposal, MeasuredVersion } from "./measureCases.ts";

/** A finding of one version of a function. */
export interface JudgedFinding {
  readonly rule: RuleId;
  readonly confidence: number;
  readonly restores: boolean;
  readonly onBugLine: boolean;
}

/** What a curve makes of one case; findings are in descending order of confidence. */
export interface JudgedCase {
  readonly kind: BugKind;
  readonly language: EvalLanguage;
  readonly clean: readonly JudgedFinding[];
  readonly bug: readonly JudgedFinding[];
}

/** The findings that the product makes of a version, by its own curve and choice. */
export function findingsOf(version: MeasuredVersion, curve: FittedCurve): JudgedFinding[] {
  const of = new Map(version.proposals.map((each) => [each.weighed, each]));
  const judged = version.proposals
    .filter(({ weighed }) => !curve.quiet.includes(weighed.proposal.rule))
    .map(({ weighed }) => ({ weighed, confidence: confidenceOf(weighed.values, curve) }));
  return choose(judged, version.text)
    .map(({ weighed, confidence }) => {
      const { restores, onBugLine } = of.get(weighed) as MeasuredProposal;
      return { rule: weighed.proposal.rule, confidence, restores, onBugLine };
    })
    .sort((a, b) => b.confidence - a.confidence);
}

export function judgeCase(measured: MeasuredCase, curve: FittedCurve): JudgedCase {
  return {
    kind: measured.case.bug.kind,
    language: measured.case.language,
    clean: findingsOf(measured.clean, curve),
    bug: findingsOf(measured.bug, curve),
  };
}

/** The highest confidence of a version; 0 where nothing was found. */
export function topOf(findings: readonly JudgedFinding[]): number {
  return findings[0]?.confidence ?? 0;
}
