import type { ReviewState } from "../../server/protocol/review.ts";
import { escapeMarkdown } from "../modelText.ts";
import { countFindings, headlineOf, reasonOf } from "./reviewText.ts";

/** The review's item in the status bar, ready to be drawn. */
export interface ReviewStatusView {
  /** With codicons. */
  readonly text: string;
  /** One line without icons, for the menu and for screen readers. */
  readonly summary: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** Undefined: there is nothing to say of the active file. */
export function viewReviewStatus(state: ReviewState | undefined): ReviewStatusView | undefined {
  if (state === undefined) {
    return undefined;
  }
  const { score, shown, hidden, scoreError, skipped, done, total } = state;
  switch (state.state) {
    case "cleared":
      return undefined;
    case "reviewing": {
      const parts = total > 1 ? `${done} of ${total} parts done` : "";
      return view(
        "$(loading~spin) reviewing…",
        parts === "" ? "The file is being reviewed." : `The file is being reviewed: ${parts}.`,
      );
    }
    case "failed":
      return scoreError === undefined
        ? view("$(warning) not reviewed", "The file could not be reviewed.")
        : view(
            `$(warning) not reviewed: ${scoreError.code}`,
            `The file could not be reviewed. ${scoreError.message}`,
            scoreError.remedy,
          );
    case "skipped":
      return skipped === undefined
        ? view("$(circle-slash) not reviewed", "The file was not reviewed.")
        : view(
            "$(circle-slash) not reviewed",
            `The file was not reviewed: ${reasonOf(skipped)}.`,
            skipped.detail,
          );
    case "done": {
      const headline = headlineOf(state);
      const icon = shown === 0 ? "pass" : "checklist";
      const kept = hidden === 0 ? "" : `, ${hidden} more with low confidence`;
      const summary =
        score === undefined
          ? `Reviewed: ${countFindings(shown)}${kept}.`
          : `Score ${headline.split(" ")[0] ?? ""} of 10: ${countFindings(shown)}${kept}.`;
      return view(`$(${icon}) ${headline}`, summary);
    }
  }
}

function view(text: string, summary: string, more?: string): ReviewStatusView {
  const parts = [
    `**StarCoder Review** — ${escapeMarkdown(summary)}`,
    ...(more === undefined || more === "" || summary.includes(more) ? [] : [escapeMarkdown(more)]),
    "_Click for the findings._",
  ];
  return { text, summary, tooltip: parts.join("\n\n") };
}
