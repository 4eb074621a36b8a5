import { formatCount } from "../../server/protocol/figures.ts";
import type { WorkflowProgress, WorkflowSummary } from "../../server/protocol/workflow.ts";
import { formatScore, plural } from "../findings/reviewText.ts";

/** Why a workflow ended, as a few words. */
export const endTexts: Readonly<Record<WorkflowSummary["end"], string>> = {
  score: "good enough",
  noImprovement: "nothing got better",
  rounds: "all rounds used",
  tokens: "all tokens used",
  seconds: "time was up",
  cancelled: "cancelled",
  failed: "a step failed",
  generated: "only generated",
};

/** One line of progress. */
export function progressText({ message, score, tokensUsed }: WorkflowProgress): string {
  const facts = [
    ...(score === undefined ? [] : [`best score ${formatScore(score)}`]),
    ...(tokensUsed === 0 ? [] : [`${formatCount(tokensUsed)} tokens`]),
  ];
  return facts.length === 0 ? message : `${message} · ${facts.join(" · ")}`;
}

/** A result in a list of results. */
export interface ResultRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export function resultRow(summary: WorkflowSummary, nowMs: number): ResultRow {
  const { task, score, rounds, model, path, language, end, createdAt } = summary;
  const [first = ""] = task.trim().split("\n");
  return {
    label: first === "" ? "Revised by review alone" : first,
    description: score === undefined ? "no score" : `score ${formatScore(score)}`,
    detail: [
      path ?? `new file, ${language}`,
      agoText(createdAt, nowMs),
      plural(rounds, "version"),
      endTexts[end],
      model,
    ].join(" · "),
  };
}

/** `just now`, `5 min ago`, `3 h ago`, else the day. */
export function agoText(iso: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(iso)) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0 || minutes >= 24 * 60) return iso.slice(0, 10);
  if (minutes < 1) return "just now";
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

/** Requirements as they are typed in one line, each ended by a semicolon. */
export function requirementsIn(text: string): readonly string[] {
  return text
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
