import type {
  HunkView,
  PlaceView,
  ResultView,
  RoundView,
} from "../../server/protocol/resultView.ts";
import { formatCount } from "../parts/format.ts";

/** A score as people read it: one digit after the point, none for whole ones. */
export function formatScore(score: number): string {
  return score.toFixed(1).replace(/\.0$/, "");
}

export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Why it ended, as a sentence. */
export const endSentences: Readonly<Record<ResultView["end"], string>> = {
  score:
    "Its score is high enough. A review looks for mistakes; whether the code does the task is yours to judge.",
  noImprovement: "Another round brought nothing better.",
  rounds: "All rounds were used.",
  tokens: "The tokens for one task were used up.",
  seconds: "The time for one task was up.",
  cancelled: "It was cancelled; this is the best version until then.",
  failed: "A later step failed; this is the best version until then.",
  generated: "It was only generated, not reviewed.",
};

/** How far the changes are decided, in one line. */
export function decidedText(hunks: readonly HunkView[]): string {
  if (hunks.length === 0) return "no changes";
  const counts = (["open", "applied", "discarded"] as const).flatMap((state) => {
    const count = hunks.filter((hunk) => hunk.state === state).length;
    return count === 0 ? [] : [`${count} ${state === "open" ? "to decide" : state}`];
  });
  return `${counted(hunks.length, "change")}: ${counts.join(", ")}`;
}

/** Lines added and removed by the changes that are not discarded. */
export function lineCounts(hunks: readonly HunkView[]): { added: number; removed: number } {
  const lines = hunks.filter(({ state }) => state !== "discarded").flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter(({ kind }) => kind === "added").length,
    removed: lines.filter(({ kind }) => kind === "removed").length,
  };
}

/** What a place that cannot be applied to means, and what can be done. */
export function placeTrouble({ kind, name = "the document" }: PlaceView): string | undefined {
  switch (kind) {
    case "changed":
      return `The text at the place in ${name} was changed since. Nothing can be applied there; compare the two, insert the code at the cursor or open it as a new file.`;
    case "gone":
      return `${name} is not there any more. The code can be opened as a new file or copied.`;
    case "found":
    case "file":
      return undefined;
  }
}

/** Where a version came from. */
export function originText({ by, round }: RoundView): string {
  switch (by) {
    case "given":
      return "The code as it was";
    case "fixes":
      return "Fixes of the review applied";
    case "model":
      return round === 0 ? "Written by the model" : "Revised by the model";
  }
}

/** Words for a change, for those who do not see it. */
export function hunkName({ lines, index }: HunkView): string {
  const added = lines.filter(({ kind }) => kind === "added").length;
  const removed = lines.filter(({ kind }) => kind === "removed").length;
  return `Change ${index + 1}: ${counted(added, "line")} added, ${counted(removed, "line")} removed`;
}
