import { CodedError } from "../../../../server/protocol/errors.ts";
import { startWhenReady } from "../../../../server/engine/whenReady.ts";
import type { EngineState } from "../../../../server/engine/engine.ts";
import type { ReviewFinding, ReviewResult } from "../../../../server/protocol/review.ts";
import type {
  DismissalStore,
  ReviewerDependencies,
  Snapshot,
} from "../../../../server/review/dependencies.ts";
import { createReviewer } from "../../../../server/review/review.ts";
import type {
  Chunk,
  ChunkOutcome,
  ChunkReviewer,
  Finding,
  ReviewDocument,
  ReviewProgress,
  ReviewRequest,
} from "../../../../server/review/types.ts";
import type { Syntax } from "../../../../server/syntax/syntaxService.ts";
import type { GitText } from "../../../../server/workspace/git.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import { starCoder2 } from "../../completion/support/fakeEngine.ts";

export const readyState: EngineState = {
  kind: "ready",
  model: starCoder2,
  backend: { requested: "cpu", used: "cpu" },
};

/** An engine whose state a test sets. */
export function createFakeEngine(initial: EngineState = readyState) {
  let state = initial;
  const listeners = new Set<(state: EngineState) => void>();
  const starts: string[] = [];
  return {
    starts,
    get state() {
      return state;
    },
    setState(next: EngineState) {
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    onState(listener: (state: EngineState) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start(reason: string) {
      starts.push(reason);
    },
    listenerCount: () => listeners.size,
  };
}

/** What was asked of the fake reviewer of chunks: the lines (from 1) of each chunk. */
export interface Looked {
  readonly text: string;
  readonly lines: readonly number[];
  readonly context: string;
}

/**
 * A reviewer of chunks that finds the word `BUG` on the lines it is asked about, and would have it
 * `fix`; each look costs 1000 ms of the model's time unless told otherwise.
 */
export function createBugFinder() {
  const looks: Looked[] = [];
  const finder: ChunkReviewer & {
    readonly looks: Looked[];
    costMs: number;
    /** Runs before the answer; what it returns replaces it. */
    before: (chunk: Chunk, signal: AbortSignal) => Promise<ChunkOutcome | undefined>;
    confidence: number;
  } = {
    looks,
    costMs: 1000,
    confidence: 0.9,
    before: () => Promise.resolve(undefined),
    async review(document, chunk, onFinding, signal) {
      const lines = chunk.lines.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, i) => start + i),
      );
      const text = document.text.slice(chunk.start, chunk.end);
      looks.push({ text, lines: lines.map((line) => line + 1), context: chunk.context });
      const instead = await finder.before(chunk, signal);
      if (instead !== undefined) return instead;
      if (signal.aborted) return { kind: "cancelled" };
      const lineAt = (offset: number) => document.text.slice(0, offset).split("\n").length - 1;
      const findings: Finding[] = [];
      for (const match of text.matchAll(/BUG/g)) {
        const start = chunk.start + match.index;
        if (lines.includes(lineAt(start))) findings.push(bugAt(start, finder.confidence));
      }
      for (const finding of findings) onFinding(finding);
      const usage = {
        ...{ queueMs: 0, prefillMs: finder.costMs, decodeMs: 0 },
        ...{ evaluatedTokens: 10, reusedTokens: 0, generatedTokens: 0 },
      };
      return { kind: "done", findings, usage };
    },
  };
  return finder;
}

export function bugAt(start: number, confidence = 0.9): Finding {
  return {
    rule: "starcoder/wrong-identifier",
    origin: "likelihood",
    start,
    end: start + 3,
    message: "Did you mean `fix`?",
    why: "It is likelier.",
    confidence,
    odds: 8,
    severity: "warning",
    changes: [{ start, end: start + 3, text: "fix" }],
    related: [],
    tags: [],
    shown: confidence >= 0.5,
  };
}

/** Stores that a test may hand to the next process. */
export function createStores() {
  const snapshots = new Map<string, Snapshot>();
  const dismissed: { file: string; fingerprint: string }[] = [];
  const dismissals: DismissalStore = {
    of: (name) =>
      new Set(dismissed.filter(({ file }) => file === name).map((each) => each.fingerprint)),
    add(file, fingerprints) {
      dismissed.push(...fingerprints.map((fingerprint) => ({ file, fingerprint })));
      return Promise.resolve();
    },
    clear() {
      dismissed.length = 0;
      return Promise.resolve();
    },
  };
  return {
    snapshots,
    dismissals,
    snapshotStore: {
      read: (uri: string) => snapshots.get(uri),
      write: (uri: string, snapshot: Snapshot) => void snapshots.set(uri, snapshot),
      rename(from: string, to: string) {
        const snapshot = snapshots.get(from);
        if (snapshot !== undefined) snapshots.set(to, snapshot);
        snapshots.delete(from);
      },
    },
  };
}

export interface FixtureOptions {
  readonly stores?: ReturnType<typeof createStores>;
  readonly syntax?: Pick<Syntax, "read" | "load">;
  readonly committed?: (revision?: string) => GitText;
  readonly dependencies?: Partial<ReviewerDependencies>;
}

export const uri = "file:///project/a.ts";

/** A document at the fixture's address. */
export function documentOf(text: string, more: Partial<ReviewDocument> = {}): ReviewDocument {
  return { uri, path: "a.ts", languageId: "typescript", version: 1, text, ...more };
}

/** A reviewer with everything around it faked, whose clock runs on by itself when it is waited for. */
export function createFixture(options: FixtureOptions = {}) {
  const stores = options.stores ?? createStores();
  const clock = createManualClock();
  const engine = createFakeEngine();
  const finder = createBugFinder();
  const events: { name: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const settings = {
    isReviewed: () => true,
    isOn: (rule: string): boolean => rule !== "",
    maxSeconds: 30,
    key: "",
  };
  const reviewer = createReviewer({
    engine,
    whenReady: (atMostMs, reason, signal) =>
      startWhenReady(engine, reason, { clock, atMostMs, signal }),
    clock,
    syntax: options.syntax ?? { read: () => undefined, load: () => Promise.resolve(false) },
    chunkReviewers: () => [finder],
    committed: (_uri, revision) =>
      Promise.resolve(options.committed?.(revision) ?? { kind: "noRepository" }),
    snapshots: stores.snapshotStore,
    dismissals: stores.dismissals,
    isIgnored: () => false,
    isSecret: () => false,
    settings: () => settings,
    log: { event: (name, fields) => void events.push({ name, fields }) },
    ...options.dependencies,
  });

  async function review(
    document: ReviewDocument | string,
    request: Partial<ReviewRequest> & { onProgress?: (progress: ReviewProgress) => void } = {},
  ): Promise<ReviewResult> {
    const { onProgress, ...rest } = request;
    const outcome = await reviewer.review(
      {
        document: typeof document === "string" ? documentOf(document) : document,
        ...{ scope: "changed", trigger: "command", requestId: "1" },
        ...rest,
      },
      onProgress ?? (() => undefined),
      new AbortController().signal,
    );
    if (outcome.kind !== "done") throw new Error("The review was cancelled.");
    return outcome.result;
  }

  /** Lines (from 1) looked at since this was last asked. */
  function lookedLines(): number[] {
    return finder.looks.splice(0).flatMap(({ lines }) => lines);
  }

  return { reviewer, review, engine, clock, finder, events, settings, stores, lookedLines };
}

/** Lines (from 1) that findings stand on. */
export function linesOf({ findings }: { readonly findings: readonly ReviewFinding[] }): number[] {
  return findings.map(({ range }) => range.start.line + 1).sort((a, b) => a - b);
}

export const died: ChunkOutcome = { kind: "failed", error: new CodedError("HOST_DIED") };

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** So many statements that the code is looked at in several parts. */
export const manyLines = (count: number, bugOn: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => `call${i}(${bugOn.includes(i + 1) ? "BUG" : ""});`).join(
    "\n",
  );
