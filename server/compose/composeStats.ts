import type { CompletedRequest, Completer, Generation } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { LocalEngine } from "../engine/local/localEngine.ts";
import type { RecentRequests } from "../health/snapshot/recentRequests.ts";
import { within } from "../health/snapshot/within.ts";
import { createStats, type CompletedFact, type StatsCounter } from "../health/stats/createStats.ts";
import type { DocumentEdits } from "../health/stats/edits.ts";
import { createStatsStore } from "../health/stats/statsStore.ts";
import { toStats } from "../health/stats/toStats.ts";
import type { Logger } from "../logs/logger.ts";
import type { RecentRequest } from "../protocol/health.ts";
import type { ReviewResult } from "../protocol/review.ts";
import type { Stats } from "../protocol/stats.ts";
import type { Reviewer } from "../review/types.ts";
import { listEndpointReports } from "../state/endpointFiles.ts";
import { locateHome } from "../state/home.ts";
import { keepSpeeds } from "./keepSpeeds.ts";
import { trialPrefix } from "./trialPrefix.ts";

/** How long the host is waited for, for its memory. */
const hostPatienceMs = 2000;

/** What is counted of a product's work; nothing until `begin`. */
export interface ProductStats {
  /** From now on suggestions, reviews and failures count. For servers: what scripts do is no use. */
  begin(): void;
  edited(edits: DocumentEdits): void;
  closed(uri: string): void;
  read(): Promise<Stats>;
  dispose(): void;
}

export interface StatsParts {
  readonly homePath: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly engine: LocalEngine;
  readonly completer: Completer;
  readonly recent: Pick<RecentRequests, "add" | "charge">;
}

/** Wires the statistics; the reviewer returned is the one given, whose reviews count. */
export function composeStats(
  { homePath, clock, logger, engine, completer, recent }: StatsParts,
  reviewer: Reviewer,
): { readonly stats: ProductStats; readonly reviewer: Reviewer } {
  let counter: StatsCounter | undefined;
  let ends: readonly (() => void)[] = [];

  function completed(request: CompletedRequest): void {
    // Nobody typed it.
    if (request.request.requestId.startsWith(trialPrefix)) return;
    recent.add(toRecent(request));
    counter?.completed(toFact(request));
  }

  function generated({ requestId, priority, usage }: Generation): void {
    if (requestId.startsWith(trialPrefix)) return;
    if (priority === "typing") recent.charge(requestId, usage);
    counter?.generated({ priority, usage });
  }

  function reviewed(requestId: string, result: ReviewResult): void {
    if (counter === undefined) return;
    const { durationMs, findings, tokensUsed, scoreError, reviewedLines } = result;
    if (reviewedLines === 0 && scoreError === undefined) return;
    recent.add({
      time: new Date().toISOString(),
      requestId,
      service: "review",
      totalMs: durationMs,
      evaluatedTokens: tokensUsed,
      outcome: scoreError?.code ?? "reviewed",
    });
    counter.reviewed({
      durationMs,
      tokensUsed,
      findings: findings.filter(({ shown }) => shown).length,
      error: scoreError?.code,
    });
  }

  function begin(): StatsCounter {
    if (counter !== undefined) return counter;
    const log = logger.for("server");
    const own = createStats({ homePath, clock, now: () => Date.now(), log });
    counter = own;
    ends = [
      completer.onCompleted(completed),
      completer.onGenerated(generated),
      keepSpeeds({ homePath, clock, engine, completer }),
      engine.onState((state) => {
        if (state.kind === "restarting" || state.kind === "failed") own.failed(state.error.code);
      }),
    ];
    return own;
  }

  const stats: ProductStats = {
    begin: () => void begin(),
    edited: (edits) => counter?.edited(edits),
    closed: (uri) => counter?.closed(uri),
    async read() {
      const [counts, outcome] = await Promise.all([
        begin().read(),
        // Asking one that is stopped would start it.
        engine.state.kind === "stopped"
          ? undefined
          : within(clock, hostPatienceMs, engine.health(), undefined),
      ]);
      const host = outcome?.kind === "done" ? outcome.value : undefined;
      return {
        ...counts,
        memory: {
          serverBytes: process.memoryUsage.rss(),
          ...(host === undefined ? {} : { hostBytes: host.residentBytes }),
          ...(host?.modelBytes === undefined ? {} : { modelBytes: host.modelBytes }),
        },
      };
    },
    dispose() {
      for (const end of ends) end();
      counter?.dispose();
    },
  };

  return {
    stats,
    reviewer: {
      ...reviewer,
      async review(request, onProgress, signal) {
        const outcome = await reviewer.review(request, onProgress, signal);
        if (outcome.kind === "done") reviewed(request.requestId, outcome.result);
        return outcome;
      },
    },
  };
}

function toFact({ request, result, totalMs }: CompletedRequest): CompletedFact {
  const base = { trigger: request.trigger, totalMs };
  if (result.kind === "none") return { ...base, outcome: result };
  if (result.kind === "failed") {
    return { ...base, outcome: { kind: "failed", code: result.error.code } };
  }
  const { start, end, text, source } = result.suggestion;
  const { document, offset } = request;
  return {
    ...base,
    outcome: { kind: "shown", source },
    suggestion: {
      uri: document.uri,
      version: document.version,
      start,
      cursor: offset,
      text,
      replaced: document.text.slice(start, end),
    },
  };
}

function toRecent({ request, result, usage, totalMs }: CompletedRequest): RecentRequest {
  return {
    time: new Date().toISOString(),
    requestId: request.requestId,
    service: "completion",
    totalMs,
    ...(usage ?? {}),
    outcome: outcomeOf(result),
  };
}

function outcomeOf(result: CompletedRequest["result"]): string {
  if (result.kind === "suggestion") return "suggestion";
  return result.kind === "none" ? result.reason : result.error.code;
}

/** What stands in the home, for the command line; `note` tells where that is not all there is to say. */
export function readStats(homePath: string = locateHome()): {
  readonly stats: Stats;
  readonly note?: string;
} {
  const now = () => Date.now();
  const store = createStatsStore({ homePath, now, log: { warn: () => undefined } });
  const { problem } = store;
  const remotes = listEndpointReports(homePath);
  return {
    stats: {
      ...toStats(store.read(), now()),
      ...(remotes.length === 0 ? {} : { remotes }),
      memory: {},
    },
    ...(problem === undefined ? {} : { note: problem }),
  };
}
