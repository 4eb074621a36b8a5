import type { CodedError } from "../protocol/errors.ts";
import type { ReviewFinding, ReviewResult } from "../protocol/review.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import { recommend } from "./recommend.ts";
import type { Skip } from "./skip.ts";
import type { Suppressions } from "./suppress.ts";
import { sorted } from "./toFinding.ts";
import type { LineRange } from "./types.ts";

/** What keeps findings away from people. */
export interface Filters {
  readonly suppressions: Suppressions;
  readonly dismissed: ReadonlySet<string>;
  readonly isOn: (rule: ReviewFinding["rule"]) => boolean;
}

/** The findings that are let through, in order. */
export function visible(findings: readonly ReviewFinding[], filters: Filters): ReviewFinding[] {
  const { suppressions, dismissed, isOn } = filters;
  return sorted(
    findings.filter(
      ({ rule, range, fingerprint }) =>
        isOn(rule) && !dismissed.has(fingerprint) && !suppressions.isSuppressed(rule, range),
    ),
  );
}

export interface ResultParts {
  readonly findings: readonly ReviewFinding[];
  readonly score?: number | undefined;
  readonly error?: CodedError | undefined;
  /** Why a kind of review was left out beside another. */
  readonly without?: CodedError | undefined;
  readonly skipped?: Skip | undefined;
  /** Lines looked at; undefined: all of the document. */
  readonly reviewed?: readonly LineRange[] | undefined;
  readonly reviewedLines?: number;
  readonly leftOut?: number;
  readonly tokensUsed?: number;
  readonly durationMs: number;
}

/** Puts a result together. An error leaves no score; what was skipped has none of its own. */
export function resultOf(
  parts: ResultParts,
  { engine, curveOf }: Pick<ReviewerDependencies, "engine" | "curveOf">,
): ReviewResult {
  const { findings, score, error, without, skipped, reviewed } = parts;
  const model = engine.state.kind === "ready" ? engine.state.model : undefined;
  const curve = model && curveOf?.(model);
  return {
    ...(error === undefined
      ? score === undefined
        ? {}
        : { score }
      : { scoreError: error.toData() }),
    findings: [...findings],
    recommendations: recommend(findings),
    reviewedLines: parts.reviewedLines ?? 0,
    ...(error !== undefined || without === undefined ? {} : { without: without.toData() }),
    ...(reviewed === undefined ? {} : { reviewed: [...reviewed] }),
    ...(skipped === undefined ? {} : { skipped }),
    unreviewedChunks: parts.leftOut ?? 0,
    tokensUsed: parts.tokensUsed ?? 0,
    durationMs: parts.durationMs,
    ...(model === undefined ? {} : { model: model.name }),
    ...(curve === undefined ? {} : { curve }),
  };
}
