import type { ReviewFinding, ReviewResult, ReviewState } from "../../server/protocol/review.ts";

type Skipped = NonNullable<ReviewResult["skipped"]>;

/** 9.14 → `9.1`; a round score without its zero. */
export function formatScore(score: number): string {
  return String(Number(score.toFixed(1)));
}

/** 0.734 → `73%`; never a certainty that nobody has. */
export function formatConfidence(confidence: number): string {
  return `${Math.min(99, Math.max(1, Math.round(confidence * 100)))}%`;
}

/** `no findings`, `1 finding`, `2 findings`. */
export function countFindings(count: number): string {
  return count === 0 ? "no findings" : plural(count, "finding");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The line of a finding as people count. */
export function lineOf(finding: ReviewFinding): number {
  return finding.range.start.line + 1;
}

/** What fits in one row of a list, where a cut sentence would say less. */
export function firstSentenceOf(text: string): string {
  return text.split(/(?<=[.!?])\s/)[0] ?? "";
}

/** A rule's id without what all have in common. */
export function nameOfRule(rule: string): string {
  return rule.replace(/^starcoder\//, "");
}

/** Score and counts in one line: `9.1 · 2 findings`. */
export function headlineOf({ score, shown }: Pick<ReviewState, "score" | "shown">): string {
  const counts = countFindings(shown);
  return score === undefined ? counts : `${formatScore(score)} · ${counts}`;
}

const reasons: Readonly<Record<Skipped["reason"], string>> = {
  off: "reviews are off",
  language: "reviews are off for this language",
  ignored: "the file is ignored",
  generated: "the file is generated",
  minified: "the file is minified",
  binary: "the file is binary",
  tooLarge: "the file is too large",
  unchanged: "nothing has changed",
  empty: "there is nothing to review",
  conflict: "a merge conflict is not resolved",
  syntaxError: "the code does not parse there",
};

/** Why nothing was looked at, in a few words. */
export function reasonOf({ reason }: Skipped): string {
  return reasons[reason];
}

/** What a person is told at the end of a review that was asked for. */
export interface ReviewSummary {
  readonly message: string;
  readonly buttons: readonly ("showFindings" | "showLowConfidence" | "openSettings")[];
}

/** Sums up a result without `scoreError`; `name` is the file's. */
export function summarize(result: ReviewResult, name: string): ReviewSummary {
  const { skipped, findings, reviewedLines, unreviewedChunks } = result;
  if (skipped !== undefined && reviewedLines === 0) {
    const settable = skipped.reason === "off" || skipped.reason === "language";
    return {
      message: `${name} was not reviewed: ${reasonOf(skipped)}.`,
      buttons: settable ? ["openSettings"] : [],
    };
  }
  const shown = findings.filter((finding) => finding.shown).length;
  const hidden = findings.length - shown;
  const score = result.score === undefined ? "" : `, score ${formatScore(result.score)} of 10`;
  const kept = hidden === 0 ? "" : ` and ${hidden} with low confidence`;
  const { without } = result;
  const sentences = [
    `${name}: ${countFindings(shown)}${kept} in ${plural(reviewedLines, "line")}${score}.`,
    ...(unreviewedChunks === 0
      ? []
      : [
          `${plural(unreviewedChunks, "part")} left out for want of time (starcoder.review.maxSeconds).`,
        ]),
    ...(without === undefined ? [] : [`Reviewed by comments alone: ${without.message}`]),
  ];
  return {
    message: sentences.join(" "),
    buttons: [
      ...(shown > 0 ? (["showFindings"] as const) : []),
      ...(hidden > 0 ? (["showLowConfidence"] as const) : []),
    ],
  };
}
