import type {
  Recommendation,
  ReviewFinding,
  ReviewResult,
  ReviewState,
  Severity,
} from "../../server/protocol/review.ts";
import {
  countFindings,
  formatConfidence,
  formatScore,
  lineOf,
  nameOfRule,
  plural,
  reasonOf,
} from "../findings/reviewText.ts";
import type { PlacedFinding } from "../findings/findingActions.ts";

/** A row of the review view. */
export interface ReviewRow {
  /** The same for the same thing, so that the editor keeps what is folded and chosen. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Plain text. */
  readonly tooltip?: string;
  /** Codicon and, if it has one, its theme colour. */
  readonly icon?: string;
  readonly color?: string;
  readonly fold?: "open" | "closed";
  readonly children?: readonly ReviewRow[];
  /** Goes there when chosen. */
  readonly place?: PlacedFinding;
}

export interface ReviewTreeInput {
  readonly uri: string;
  readonly state: ReviewState | undefined;
  readonly result: ReviewResult | undefined;
  /** Whether another tool reports an error at the finding. */
  readonly isCovered: (finding: ReviewFinding) => boolean;
}

/** Rows of the active file; none: it was not reviewed, and the welcome text shows. */
export function reviewRows(input: ReviewTreeInput): ReviewRow[] {
  const { uri, state, result } = input;
  const all = result?.findings ?? [];
  const findings = all.filter((finding) => !input.isCovered(finding));
  const shown = findings.filter((finding) => finding.shown);
  const covered = all.filter((finding) => finding.shown).length - shown.length;
  const hidden = findings.filter((finding) => !finding.shown);
  const head =
    stateRow(state) ?? (result === undefined ? undefined : scoreRow(result, shown.length, covered));
  return [
    ...(head === undefined ? [] : [head]),
    ...group("recommendations", "Recommendations", "open", recommendationRows(result, shown)),
    ...group("findings", "Findings", "open", findingRows(uri, shown)),
    ...group("hidden", "Low confidence", "closed", findingRows(uri, hidden)),
  ];
}

/** While there is no score: why. */
function stateRow(state: ReviewState | undefined): ReviewRow | undefined {
  switch (state?.state) {
    case "reviewing":
      return {
        id: "state",
        label: "Reviewing…",
        icon: "loading~spin",
        ...(state.total > 1 ? { description: `${state.done} of ${state.total} parts` } : {}),
      };
    case "failed": {
      const error = state.scoreError;
      return {
        id: "state",
        label: error?.message ?? "The file could not be reviewed.",
        icon: "error",
        color: "problemsErrorIcon.foreground",
        ...(error === undefined
          ? {}
          : { description: error.code, tooltip: `${error.message}\n${error.remedy}` }),
      };
    }
    case "skipped":
      return {
        id: "state",
        label: "Not reviewed",
        icon: "circle-slash",
        ...(state.skipped === undefined
          ? {}
          : { description: reasonOf(state.skipped), tooltip: state.skipped.detail }),
      };
    case "done":
    case "cleared":
    case undefined:
      return undefined;
  }
}

function scoreRow(result: ReviewResult, shown: number, covered: number): ReviewRow {
  const { score, scoreError, without, reviewedLines, unreviewedChunks, model, curve } = result;
  const facts = [
    `${plural(reviewedLines, "line")} reviewed in ${(result.durationMs / 1000).toFixed(1)} s.`,
    ...(unreviewedChunks === 0
      ? []
      : [`${plural(unreviewedChunks, "part")} left out for want of time.`]),
    ...(model === undefined ? [] : [`Model: ${model}.`]),
    ...(curve === undefined || curve.own
      ? []
      : [`Confidences are those measured on another model (${curve.name}).`]),
    ...(without === undefined ? [] : [`Comments alone: ${without.message}`]),
    ...(scoreError === undefined ? [] : [`No score: ${scoreError.code}. ${scoreError.message}`]),
  ];
  return {
    id: "score",
    label: score === undefined ? "No score" : `Score ${formatScore(score)} of 10`,
    description: [
      countFindings(shown),
      ...(covered === 0 ? [] : [`${covered} hidden where another tool reports an error`]),
      ...(unreviewedChunks === 0 ? [] : ["not all of it reviewed"]),
      ...(without === undefined ? [] : ["by comments alone"]),
    ].join(", "),
    tooltip: facts.join("\n"),
    icon: shown + covered === 0 ? "pass" : "checklist",
  };
}

function group(
  id: string,
  label: string,
  fold: "open" | "closed",
  children: readonly ReviewRow[],
): ReviewRow[] {
  return children.length === 0
    ? []
    : [{ id, label, fold, children, description: String(children.length) }];
}

/** Those that stand for a finding in view. */
function recommendationRows(
  result: ReviewResult | undefined,
  shown: readonly ReviewFinding[],
): ReviewRow[] {
  const inView = ({ rule, lines }: Recommendation) =>
    shown.some((finding) => finding.rule === rule && lines.includes(lineOf(finding)));
  return (result?.recommendations ?? []).filter(inView).map((recommendation) => ({
    id: `recommendation ${recommendation.rule}`,
    label: recommendation.message,
    description: placesOf(recommendation),
    tooltip: `${recommendation.rule}, ${recommendation.category}: ${formatConfidence(recommendation.confidence)} that at least one is right.`,
    icon: "lightbulb",
  }));
}

function placesOf({ lines }: Recommendation): string {
  const most = 6;
  const named = lines.slice(0, most).join(", ");
  return `line${lines.length === 1 ? "" : "s"} ${named}${lines.length > most ? ", …" : ""}`;
}

const severities: Readonly<Record<Severity, { readonly icon: string; readonly color: string }>> = {
  error: { icon: "error", color: "problemsErrorIcon.foreground" },
  warning: { icon: "warning", color: "problemsWarningIcon.foreground" },
  information: { icon: "info", color: "problemsInfoIcon.foreground" },
  hint: { icon: "info", color: "problemsInfoIcon.foreground" },
};

function findingRows(uri: string, findings: readonly ReviewFinding[]): ReviewRow[] {
  return findings.map((finding, index) => ({
    id: `finding ${finding.fingerprint} ${sameBefore(findings, index)}`,
    label: finding.message,
    description: `line ${lineOf(finding)} · ${formatConfidence(finding.confidence)} · ${nameOfRule(finding.rule)}`,
    tooltip: [
      finding.message,
      finding.why,
      ...(finding.fix === undefined ? [] : [`Fix: ${finding.fix.title}`]),
    ].join("\n\n"),
    ...severities[finding.severity],
    place: { uri, finding },
  }));
}

/** The same code twice has the same fingerprint; a row's id must be its own. */
function sameBefore(findings: readonly ReviewFinding[], index: number): number {
  const { fingerprint } = findings[index] ?? {};
  return findings.slice(0, index).filter((other) => other.fingerprint === fingerprint).length;
}
