import type { Clock } from "../../engine/clock.ts";
import type { Logger } from "../../logs/logger.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Priority, Usage } from "../../protocol/host.ts";
import type { Stats } from "../../protocol/stats.ts";
import { createAcceptance } from "./acceptance.ts";
import {
  addCounts,
  createCounts,
  latencyOf,
  raise,
  sumCounts,
  tallyOne,
  type Counts,
} from "./counts.ts";
import type { DocumentEdits } from "./edits.ts";
import { addDuration } from "./histogram.ts";
import { countsAt, stepOf, type Steps } from "./history.ts";
import type { ShownSuggestion } from "./shownSuggestion.ts";
import { createStatsStore } from "./statsStore.ts";
import { toStats, toWindow } from "./toStats.ts";

/** A request for a suggestion that was answered. */
export interface CompletedFact {
  readonly trigger: "automatic" | "invoked";
  readonly totalMs: number;
  readonly outcome:
    | { readonly kind: "shown"; readonly source: "cache" | "joined" | "model" }
    | { readonly kind: "none"; readonly reason: string }
    | { readonly kind: "failed"; readonly code: ErrorCode };
  /** With `shown`. */
  readonly suggestion?: ShownSuggestion;
}

/** What the model wrote, for whichever requests. */
export interface GeneratedFact {
  readonly priority: Priority;
  readonly usage: Usage;
}

/** A review that looked at something, or could not. */
export interface ReviewedFact {
  readonly durationMs: number;
  /** Findings that are drawn. */
  readonly findings: number;
  readonly tokensUsed: number;
  readonly error: ErrorCode | undefined;
}

/** What the service did for its user, counted. Being told of something costs microseconds, no I/O. */
export interface StatsCounter {
  completed(fact: CompletedFact): void;
  generated(fact: GeneratedFact): void;
  reviewed(fact: ReviewedFact): void;
  /** The model was lost or could not be used. */
  failed(code: ErrorCode): void;
  edited(edits: DocumentEdits): void;
  closed(uri: string): void;
  /** With what the other servers of this home counted; saves before. Memory is for the caller to add. */
  read(): Promise<Omit<Stats, "memory">>;
  /** Saves what is left, at once; nothing is counted afterwards. */
  dispose(): void;
}

export interface StatsCounterOptions {
  readonly homePath: string;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Logger, "warn">;
}

const saveEveryMs = 60_000;

/** Creates the counter of one server. It saves every minute where something was counted. */
export function createStats({ homePath, clock, now, log }: StatsCounterOptions): StatsCounter {
  const begun = now();
  const store = createStatsStore({ homePath, now, log });
  /** Of this server, until it was last saved. */
  const session = createCounts();
  let fresh: Steps = new Map();
  let disposed = false;
  let cancelSave = (): void => undefined;

  const current = (): Counts => countsAt(fresh, stepOf(now()));
  const acceptance = createAcceptance({
    clock,
    onAccepted: (how) => raise(current(), how === "whole" ? "acceptedWhole" : "acceptedPart"),
    onCharacters: (count) => raise(current(), "charactersSaved", count),
    onJudged(after, kept) {
      const counts = current();
      raise(counts, after === "30s" ? "judged30s" : "judged5min");
      if (kept) raise(counts, after === "30s" ? "kept30s" : "kept5min");
    },
  });

  function handOver(): void {
    addCounts(session, sumCounts(fresh.values()));
    store.add(fresh);
    fresh = new Map();
  }

  function saveLater(): void {
    cancelSave = clock.after(saveEveryMs, () => {
      handOver();
      void store.save().finally(() => {
        if (!disposed) saveLater();
      });
    });
  }
  saveLater();

  function addGenerated({ priority, usage }: GeneratedFact): void {
    const counts = current();
    // What is computed ahead waits on purpose, and nobody waits for it.
    if (priority === "typing") {
      addDuration(latencyOf(counts, "queue"), usage.queueMs);
      addDuration(latencyOf(counts, "prefill"), usage.prefillMs);
      addDuration(latencyOf(counts, "decode"), usage.decodeMs);
    }
    raise(counts, "evaluated", usage.evaluatedTokens);
    raise(counts, "reused", usage.reusedTokens);
    raise(counts, "generated", usage.generatedTokens);
    if (usage.hedgedTokens !== undefined) raise(counts, "hedged", usage.hedgedTokens);
    raise(counts, "prefillTokens", usage.evaluatedTokens);
    raise(counts, "prefillMs", usage.prefillMs);
    raise(counts, "decodeTokens", usage.generatedTokens);
    raise(counts, "decodeMs", usage.decodeMs);
  }

  return {
    completed({ trigger, totalMs, outcome, suggestion }) {
      const counts = current();
      raise(counts, "requests");
      raise(counts, trigger);
      if (outcome.kind === "shown") {
        raise(counts, "shown");
        if (outcome.source === "cache") raise(counts, "fromCache");
        if (outcome.source === "joined") raise(counts, "joined");
      } else if (outcome.kind === "failed") {
        tallyOne(counts, "errors", outcome.code);
      } else {
        tallyOne(counts, "nothing", outcome.reason);
      }
      const isCancelled = outcome.kind === "none" && outcome.reason === "cancelled";
      if (!isCancelled) addDuration(latencyOf(counts, "total"), totalMs);
      if (suggestion !== undefined) acceptance.shown(suggestion);
    },
    generated: addGenerated,
    reviewed({ durationMs, findings, tokensUsed, error }) {
      const counts = current();
      raise(counts, "reviews");
      raise(counts, "findings", findings);
      raise(counts, "evaluated", tokensUsed);
      addDuration(latencyOf(counts, "review"), durationMs);
      if (error !== undefined) tallyOne(counts, "errors", error);
    },
    failed: (code) => tallyOne(current(), "errors", code),
    edited: (edits) => acceptance.edited(edits),
    closed: (uri) => acceptance.closed(uri),
    async read() {
      handOver();
      await store.save();
      return { ...toStats(store.read(), now()), session: toWindow(session, begun) };
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      cancelSave();
      acceptance.dispose();
      handOver();
      store.saveAtExit();
    },
  };
}
