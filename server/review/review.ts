import { createChunkCache } from "./chunkCache.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import { createDocuments } from "./documents.ts";
import { fileNameOf } from "./fileName.ts";
import { reviewDocument } from "./reviewDocument.ts";
import { createTurns } from "./turns.ts";
import type { Reviewer, ReviewOutcome } from "./types.ts";

/** Saves that follow each other this soon are one; only the last is reviewed. */
const saveStormMs = 150;

/**
 * Creates the reviewer. It works on one document at a time, on the newest request for it; what it
 * knows of a document is in memory until `closed`, and hashes of the reviewed lines are on disk.
 */
export function createReviewer(dependencies: ReviewerDependencies): Reviewer {
  const { clock, dismissals, log } = dependencies;
  const documents = createDocuments(dependencies.snapshots);
  const shared = { ...dependencies, documents, cache: createChunkCache(), turns: createTurns() };
  const running = new Map<string, AbortController>();

  return {
    async review(request, onProgress, signal): Promise<ReviewOutcome> {
      const { uri } = request.document;
      running.get(uri)?.abort();
      const own = new AbortController();
      const abort = () => own.abort();
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort);
      running.set(uri, own);
      try {
        const { requestId } = request;
        const isStorm = request.trigger === "save" && !(await rest(own.signal));
        if (isStorm || own.signal.aborted) return { kind: "cancelled" };
        const outcome = await reviewDocument(shared, request, onProgress, own.signal);
        if (outcome.kind === "cancelled") log.event("cancelled", { requestId });
        return outcome;
      } finally {
        signal.removeEventListener("abort", abort);
        if (running.get(uri) === own) running.delete(uri);
      }
    },
    opened: (document) => documents.opened(document),
    async dismiss(uri, fingerprint) {
      await dismissals.add(fileNameOf(uri), [fingerprint]);
    },
    restoreDismissed: () => dismissals.clear(),
    closed(uri) {
      running.get(uri)?.abort();
      documents.forget(uri);
    },
    renamed(from, to) {
      running.get(from)?.abort();
      const [before, after] = [fileNameOf(from), fileNameOf(to)];
      const known = documents.known(from)?.findings.map(({ fingerprint }) => fingerprint);
      documents.rename(from, to);
      if (before === after) return;
      const dismissed = [...dismissals.of(before)];
      const own = dismissed.filter((each) => known === undefined || known.includes(each));
      if (own.length === 0) return;
      dismissals
        .add(after, own)
        .catch(() => log.event("dismissed findings not carried over", { count: own.length }));
    },
    dispose() {
      for (const controller of running.values()) controller.abort();
      running.clear();
    },
  };

  /** False: something newer came, or it was cancelled. */
  function rest(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isQuiet: boolean) => {
        cancelTimer();
        signal.removeEventListener("abort", onAbort);
        resolve(isQuiet);
      };
      const onAbort = () => finish(false);
      const cancelTimer = clock.after(saveStormMs, () => finish(true));
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
    });
  }
}
