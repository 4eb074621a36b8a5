import type { ReviewFinding, Severity } from "../protocol/review.ts";

/** How much a finding that is surely right takes, by what it is. */
const weights: Readonly<Record<Severity, number>> = {
  error: 1,
  warning: 0.7,
  information: 0.35,
  hint: 0.15,
};
/** What a finding that is kept back counts of that, and how likely it must be to count at all. */
const hiddenShare = 0.25;
const likely = 0.5;
/** Lines on which one sure error takes 63% of the way from 10 to 1; on more lines it takes less. */
const lineScale = 40;

/**
 * The score of a document by likelihood alone: `1 + 9·e^(−b)` to one decimal, where the burden
 * `b = Σ weight(severity) · confidence · share ÷ √(max(lines, 40) ÷ 40)` goes over the findings.
 * Drawn findings count in full (`share` 1), those kept back a quarter where they are likelier right
 * than wrong, else not at all. It is 10 only where nothing counts. Undefined where no line was
 * looked at: there is no score to give.
 */
export function scoreOf(
  findings: readonly Pick<ReviewFinding, "severity" | "confidence" | "shown">[],
  reviewedLines: number,
): number | undefined {
  if (reviewedLines <= 0) return undefined;
  let burden = 0;
  for (const { severity, confidence, shown } of findings) {
    if (!shown && confidence < likely) continue;
    burden += weights[severity] * confidence * (shown ? 1 : hiddenShare);
  }
  if (burden === 0) return 10;
  burden /= Math.sqrt(Math.max(reviewedLines, lineScale) / lineScale);
  return Math.min(9.9, Math.round(10 * (1 + 9 * Math.exp(-burden))) / 10);
}

/** How much a finding matters, for order. */
export function weightOf(severity: Severity): number {
  return weights[severity];
}
