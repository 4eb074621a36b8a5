import type { Clock } from "../../engine/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { failureFields } from "../../logs/failureFields.ts";
import { whenReady } from "../../engine/whenReady.ts";
import type { Logger } from "../../logs/logger.ts";
import { createRequestIds } from "../../logs/requestIds.ts";
import { toCodedError, type ErrorCode } from "../../protocol/errors.ts";
import type { ReviewResult } from "../../protocol/review.ts";
import { isLanguageReviewed, type Settings } from "../../protocol/settings.ts";
import type { ReviewDocument, Reviewer, ReviewRequest } from "../../review/types.ts";
import { failedResult, type Board } from "./board.ts";
import { createProgressBar, type ProgressPort, type ProgressToken } from "./progress.ts";
import { track } from "./tracked.ts";

/** How long a review on command waits for a model that is being loaded. */
const waitForModelMs = 120_000;
/** A review on save shows progress once it has taken so long. */
const progressAfterMs = 1000;
/** An editor that renames closes the old name first: what is kept of it waits so long. */
const forgetAfterMs = 2000;
/** The model was there and is no more; it comes back by itself, and then the review is made again. */
const modelWentAway: ReadonlySet<ErrorCode> = new Set([
  "MODEL_UNAVAILABLE",
  "HOST_DIED",
  "HOST_HUNG",
  "HOST_VERSION",
  "HOST_AUTH",
]);

export interface ReviewRunsOptions {
  readonly reviewer: Reviewer;
  readonly board: Board;
  readonly engine: Pick<Engine, "state" | "onState" | "start">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: () => Settings;
  /** A document that is open and holds text, as a reviewer sees it. */
  readonly documentOf: (uri: string) => ReviewDocument | undefined;
  readonly progress: ProgressPort;
}

export interface CommandedReview {
  readonly document: ReviewDocument;
  readonly scope: ReviewRequest["scope"];
  readonly token: ProgressToken | undefined;
}

/** When documents are reviewed, and what becomes of it. */
export interface ReviewRuns {
  opened(uri: string): void;
  saved(uri: string): void;
  closed(uri: string): void;
  /** The file is gone; its document may still be open. */
  deleted(uri: string): void;
  renamed(from: string, to: string): void;
  /** Undefined when it was given up: by its signal or because a newer review began. */
  review(commanded: CommandedReview, signal: AbortSignal): Promise<ReviewResult | undefined>;
  /** Documents that were closed a moment ago: a rename may still carry them on. */
  lately(): Iterable<string>;
  /** Gives up what runs and waits; of one document or of all. */
  stop(uri?: string): void;
  /** Settings changed: what they turn off is given up. */
  refresh(): void;
  dispose(): void;
}

interface Running {
  readonly trigger: ReviewRequest["trigger"];
  readonly stop: () => void;
}

export function createReviewRuns(options: ReviewRunsOptions): ReviewRuns {
  const { reviewer, board, engine, clock, settings, documentOf } = options;
  const log = options.logger.for("review");
  const running = new Map<string, Running>();
  /** Saved while no model was ready: reviewed as soon as one is. */
  const waiting = new Set<string>();
  /** Begun again once after the model went away, so that a review that kills it does not go round. */
  const resumed = new Set<string>();
  const forgetting = new Map<string, () => void>();
  const requestIds = createRequestIds("s");

  async function run(
    request: Omit<ReviewRequest, "requestId">,
    token: ProgressToken | undefined,
    signal: AbortSignal,
  ): Promise<ReviewResult | undefined> {
    // Given up before it began: nothing else must end for it.
    if (signal.aborted) return undefined;
    const { document, trigger } = request;
    const { uri } = document;
    const isOpen = documentOf(uri) !== undefined;
    const requestId = requestIds.nextReview();
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal.addEventListener("abort", stop, { once: true });
    running.get(uri)?.stop();
    const own = { trigger, stop };
    running.set(uri, own);
    waiting.delete(uri);
    const bar = createProgressBar({
      port: options.progress,
      clock,
      title: `Reviewing ${document.path}`,
      token,
      afterMs: trigger === "save" ? progressAfterMs : undefined,
      cancel: stop,
    });
    const round = isOpen ? board.begin(document) : undefined;
    try {
      if (trigger === "command") {
        engine.start("explicit");
        await whenReady(engine, { clock, atMostMs: waitForModelMs, signal: abort.signal });
      }
      const outcome = await reviewer.review(
        { ...request, requestId },
        (progress) => {
          round?.progress(progress);
          bar.report(progress.done, progress.total);
        },
        abort.signal,
      );
      if (outcome.kind === "cancelled" || abort.signal.aborted) {
        round?.abandon();
        return undefined;
      }
      round?.finish(outcome.result);
      return outcome.result;
    } catch (thrown) {
      log.error("failed", { requestId, ...failureFields(thrown) });
      const result = failedResult(toCodedError(thrown).toData());
      round?.finish(result);
      return result;
    } finally {
      signal.removeEventListener("abort", stop);
      if (running.get(uri) === own) running.delete(uri);
      bar.end();
    }
  }

  async function reviewSaved(uri: string): Promise<void> {
    const document = documentOf(uri);
    if (document === undefined || !isReviewedOnSave(document)) {
      board.abandon(uri);
      return;
    }
    const request = { document, scope: "changed", trigger: "save" } as const;
    const result = await run(request, undefined, new AbortController().signal);
    if (result?.scoreError === undefined) {
      if (result !== undefined) resumed.delete(uri);
      return;
    }
    const { code } = result.scoreError;
    if (!modelWentAway.has(code) || resumed.has(uri) || documentOf(uri) === undefined) return;
    resumed.add(uri);
    waiting.add(uri);
    log.info("reviewed again when the model is back", { code });
    // It may have come back before the death of the old one was told.
    if (engine.state.kind === "ready") reviewWaiting();
  }

  function reviewWaiting(): void {
    for (const uri of [...waiting]) {
      waiting.delete(uri);
      void reviewSaved(uri);
    }
  }

  const stopListening = engine.onState((state) => {
    if (state.kind === "ready") reviewWaiting();
    else if (state.kind === "failed") {
      for (const uri of waiting) board.fail(uri, state.error.toData());
    }
  });

  function isReviewedOnSave({ languageId }: ReviewDocument): boolean {
    const { enabled, "review.mode": mode } = settings();
    return enabled && mode === "save" && isLanguageReviewed(settings(), languageId);
  }

  function stop(uri: string): void {
    waiting.delete(uri);
    resumed.delete(uri);
    running.get(uri)?.stop();
    running.delete(uri);
  }

  function isStillWanted(uri: string): boolean {
    const document = documentOf(uri);
    return document !== undefined && isReviewedOnSave(document);
  }

  function cancelForgetting(uri: string): boolean {
    const cancel = forgetting.get(uri);
    cancel?.();
    return forgetting.delete(uri);
  }

  return {
    opened(uri) {
      // Opened again soon after: what was kept is of another session with the file.
      if (cancelForgetting(uri)) {
        reviewer.closed(uri);
        board.clear(uri);
      }
      const document = documentOf(uri);
      if (document !== undefined) reviewer.opened(document);
      // A renamed document brings its findings along.
      board.changed(uri);
    },
    saved(uri) {
      const document = documentOf(uri);
      if (document === undefined || !isReviewedOnSave(document)) return;
      resumed.delete(uri);
      const { state } = engine;
      if (state.kind === "ready") {
        void reviewSaved(uri);
        return;
      }
      waiting.add(uri);
      if (state.kind === "failed") board.fail(uri, state.error.toData());
      else board.wait(uri);
      engine.start("background");
    },
    closed(uri) {
      stop(uri);
      board.close(uri);
      cancelForgetting(uri);
      forgetting.set(
        uri,
        clock.after(forgetAfterMs, () => {
          forgetting.delete(uri);
          board.clear(uri);
          reviewer.closed(uri);
        }),
      );
    },
    deleted(uri) {
      stop(uri);
      board.clear(uri);
      reviewer.closed(uri);
    },
    renamed(from, to) {
      stop(from);
      cancelForgetting(from);
      reviewer.renamed(from, to);
      board.move(from, to);
    },
    async review({ document, scope, token }, signal) {
      const result = await run({ document, scope, trigger: "command" }, token, signal);
      const now = documentOf(document.uri);
      if (result === undefined || now === undefined) return result;
      return { ...result, findings: [...track(document.text, result.findings).at(now.text)] };
    },
    stop(uri) {
      if (uri !== undefined) stop(uri);
      else for (const each of new Set([...running.keys(), ...waiting])) stop(each);
    },
    lately: () => forgetting.keys(),
    refresh() {
      for (const [uri, { trigger }] of [...running]) {
        if (trigger === "save" && !isStillWanted(uri)) stop(uri);
      }
      for (const uri of [...waiting]) {
        if (isStillWanted(uri)) continue;
        stop(uri);
        board.abandon(uri);
      }
    },
    dispose() {
      stopListening();
      for (const { stop: end } of running.values()) end();
      for (const cancel of forgetting.values()) cancel();
      forgetting.clear();
    },
  };
}
