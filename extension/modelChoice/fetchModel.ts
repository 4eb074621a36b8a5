import * as vscode from "vscode";
import { describeDownload, downloadedShare } from "../../server/protocol/downloadText.ts";
import type { DownloadRecord, DownloadState } from "../../server/protocol/models.ts";
import type { Wanted } from "./modelCalls.ts";
import type { Models } from "./models.ts";

/** How long the program that downloads may take to end after it was asked to pause. */
const pauseWithinMs = 10_000;

/**
 * Downloads a model, or joins the download of another window, with progress. Cancelling keeps what is
 * there. Settles with how it stands at the end; rejects with a `CodedError`.
 */
export async function fetchModel(models: Models, wanted: Wanted): Promise<DownloadRecord> {
  const { calls, fetching } = models;
  fetching.add(wanted.id);
  try {
    return await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `StarCoder: Downloading ${wanted.name}`,
        cancellable: true,
      },
      async (progress, token) => {
        const abort = new AbortController();
        const subscription = token.onCancellationRequested(() => {
          void calls.pause(wanted.id).catch(() => {
            abort.abort();
          });
          setTimeout(() => {
            abort.abort();
          }, pauseWithinMs).unref();
        });
        let reported = 0;
        let last: DownloadState | undefined;
        const onState = (state: DownloadState): void => {
          last = state;
          const percent = (downloadedShare(state) ?? 0) * 100;
          progress.report({
            message: describeDownload(state),
            increment: Math.max(0, percent - reported),
          });
          reported = Math.max(reported, percent);
        };
        try {
          return await calls.download(wanted, onState, abort.signal);
        } catch (thrown) {
          if (abort.signal.aborted && last !== undefined) {
            return { download: { ...last, phase: "paused" } };
          }
          throw thrown;
        } finally {
          subscription.dispose();
        }
      },
    );
  } finally {
    fetching.delete(wanted.id);
  }
}
