import * as vscode from "vscode";
import type { ReviewParams, ReviewResult } from "../../server/protocol/review.ts";
import type { CommandContext } from "../commands/command.ts";
import { noticeOf } from "../notices.ts";
import { showNotice } from "../showNotice.ts";
import { summarize, type ReviewSummary } from "./reviewText.ts";
import { serverDown } from "./serverDown.ts";

/** Reviews a part of the document, with progress that can be cancelled, and says what came of it. */
export async function runReview(
  { review, supervisor, log }: CommandContext,
  document: vscode.TextDocument,
  scope: NonNullable<ReviewParams["scope"]>,
  what: string,
): Promise<void> {
  const down = serverDown(supervisor.state);
  if (down !== undefined) {
    await showNotice(down);
    return;
  }
  const name = document.uri.path.slice(document.uri.path.lastIndexOf("/") + 1);
  const uri = document.uri.toString();
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `StarCoder: reviewing ${what} ${name}`,
      cancellable: true,
    },
    async (progress, token): Promise<ReviewResult | "cancelled"> => {
      const stop = reportParts(review, uri, progress);
      try {
        const answer = await review.review({ uri, scope }, token);
        return token.isCancellationRequested ? "cancelled" : answer;
      } catch (error) {
        if (token.isCancellationRequested || isCancellation(error)) {
          return "cancelled";
        }
        throw error;
      } finally {
        stop();
      }
    },
  );
  if (result === "cancelled") {
    vscode.window.setStatusBarMessage("StarCoder: the review was cancelled.", 3_000);
    return;
  }
  if (result.scoreError !== undefined) {
    const { code, message, remedy } = result.scoreError;
    log.error(`The review failed: ${code}: ${message}`);
    // Not awaited: a command ends with its message shown, not when it is closed.
    void showNotice(noticeOf(code, message, remedy));
    return;
  }
  void showSummary(summarize(result, name));
}

/** Shows the parts as they are done; the returned function stops. */
function reportParts(
  review: CommandContext["review"],
  uri: string,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): () => void {
  let reported = 0;
  return review.onChange((changed) => {
    const state = review.stateOf(uri);
    if (changed !== uri || state?.state !== "reviewing" || state.total === 0) {
      return;
    }
    const percent = (100 * state.done) / state.total;
    progress.report({
      message: `${state.done} of ${state.total} parts`,
      increment: Math.max(0, percent - reported),
    });
    reported = Math.max(reported, percent);
  });
}

/** LSP's codes of a request that was cancelled by its client, by its server, or by a change. */
const cancellationCodes: readonly unknown[] = [-32800, -32802, -32801];

function isCancellation(error: unknown): boolean {
  return error instanceof Error && "code" in error && cancellationCodes.includes(error.code);
}

const buttons: Readonly<
  Record<ReviewSummary["buttons"][number], { readonly label: string; readonly command: string }>
> = {
  showFindings: { label: "Show Findings", command: "starcoder.review.focus" },
  showLowConfidence: {
    label: "Show Low-Confidence Findings",
    command: "starcoder.showLowConfidence",
  },
  openSettings: { label: "Open Settings", command: "starcoder.openSettings" },
};

async function showSummary(summary: ReviewSummary): Promise<void> {
  const offered = summary.buttons.map((button) => buttons[button]);
  const pressed = await vscode.window.showInformationMessage(
    `StarCoder: ${summary.message}`,
    ...offered.map(({ label }) => label),
  );
  const button = offered.find(({ label }) => label === pressed);
  if (button !== undefined) {
    await vscode.commands.executeCommand(button.command);
  }
}
