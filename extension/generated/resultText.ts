import type { FindingView, RoundView } from "../../server/protocol/resultView.ts";
import type { ReviewFinding } from "../../server/protocol/review.ts";
import type { KeptWorkflow, WorkflowRound } from "../../server/protocol/workflow.ts";

/** `text` with every line break as a line feed. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** Text that stood at the place, or nothing where there was none. */
export function originalOf({ original = "" }: KeptWorkflow): string {
  return withLineFeeds(original);
}

/**
 * Code as it is put at its place: after what is to stand before it, and with a line break at its end
 * where the text that it replaces has one. A file of its own ends with one.
 */
export function fittedCode(kept: KeptWorkflow, code: string): string {
  const text = withLineFeeds(code).replace(/\n+$/, "");
  if (kept.uri === undefined || kept.range === undefined) return `${text}\n`;
  return `${kept.lead ?? ""}${text}${originalOf(kept).endsWith("\n") ? "\n" : ""}`;
}

/** A version in the list of versions. */
export function roundView(round: WorkflowRound): RoundView {
  const { by, changes, score, accepted, tokensUsed, durationMs } = round;
  return {
    ...{ round: round.round, by, changes, accepted, tokensUsed, durationMs },
    ...(score === undefined ? {} : { score }),
    findings: round.findings.length,
  };
}

/** @param firstLine number of the code's first line where it is to stand, from 1 */
export function findingView(finding: ReviewFinding, firstLine: number): FindingView {
  const { rule, severity, message, why, confidence, range, written, fix } = finding;
  return {
    ...{ rule, severity, message, why, confidence, written, line: firstLine + range.start.line },
    ...(fix === undefined ? {} : { remedy: fix.title }),
  };
}
