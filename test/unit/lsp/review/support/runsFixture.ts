import type { EngineState } from "../../../../../server/engine/engine.ts";
import { createBoard, type BoardDocument } from "../../../../../server/lsp/review/board.ts";
import { toDiagnostic } from "../../../../../server/lsp/review/diagnostic.ts";
import { createReviewRuns } from "../../../../../server/lsp/review/review.ts";
import { createLogger } from "../../../../../server/logs/logger.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import type { ReviewState } from "../../../../../server/protocol/review.ts";
import { defaultSettings } from "../../../../../server/protocol/settings.ts";
import type {
  Reviewer,
  ReviewOutcome,
  ReviewProgress,
  ReviewRequest,
} from "../../../../../server/review/types.ts";
import { createManualClock } from "../../../../support/manualClock.ts";
import { createFakeEngine, readyState } from "../../../review/support/fixture.ts";
import { ableClient, findingAt, resultOf } from "./findings.ts";

export const uri = "file:///project/a.ts";
export const text = "if (a <= b) stop();\n";
export const finding = findingAt(text, 0, "<=", "<");
export const done: ReviewOutcome = { kind: "done", result: resultOf([finding]) };
export const died: ReviewOutcome = {
  kind: "done",
  result: resultOf([], { scoreError: new CodedError("HOST_DIED").toData() }),
};

/** A review that the fake reviewer was asked for. */
export interface Asked {
  readonly request: ReviewRequest;
  readonly signal: AbortSignal;
  readonly tell: (progress: ReviewProgress) => void;
  readonly answer: (outcome: ReviewOutcome) => void;
  readonly fail: (error: Error) => void;
}

/** Review runs with a board, a reviewer that answers when told, and one open document. */
export function createRunsFixture(state: EngineState = readyState) {
  const clock = createManualClock();
  const engine = createFakeEngine(state);
  const documents = new Map<string, BoardDocument>();
  const asked: Asked[] = [];
  const states: ReviewState[] = [];
  const drawn = new Map<string, readonly string[]>();
  const progress: string[] = [];
  const cancels: (() => void)[] = [];
  const told: string[] = [];
  const force = { settings: defaultSettings };

  const documentOf = (of: string) => {
    const document = documents.get(of);
    return document === undefined ? undefined : { uri: of, path: "a.ts", ...document };
  };
  const board = createBoard({
    clock,
    settings: () => force.settings,
    documentOf,
    toDiagnostic: (of, each) => toDiagnostic(of, each, ableClient, "/product"),
    publish: ({ uri: of, diagnostics }) =>
      drawn.set(
        of,
        diagnostics.map(({ range: { start } }) => `${start.line}:${start.character}`),
      ),
    sendState: (each) => states.push(each),
  });
  const reviewer: Reviewer = {
    review: (request, tell, signal) =>
      new Promise((answer, fail) => {
        asked.push({ request, signal, tell, answer, fail });
        signal.addEventListener("abort", () => answer({ kind: "cancelled" }));
      }),
    opened: () => undefined,
    dismiss: () => Promise.resolve(),
    restoreDismissed: () => Promise.resolve(),
    closed: (of) => told.push(of),
    renamed: (from, to) => told.push(`${from} → ${to}`),
    dispose: () => undefined,
  };
  const logger = createLogger({
    service: "server",
    sinks: [],
    level: () => "off",
    now: () => new Date(0),
  });
  const runs = createReviewRuns({
    reviewer,
    board,
    engine,
    clock,
    logger,
    settings: () => force.settings,
    documentOf,
    progress: {
      create: () => Promise.resolve("token"),
      send: (_, { kind }) => progress.push(kind),
      onCancel(_, cancel) {
        cancels.push(cancel);
        return () => undefined;
      },
    },
  });

  /** Opens a document under a name, or changes its text. */
  function write(of: string, now: string): void {
    const version = (documents.get(of)?.version ?? 0) + 1;
    documents.set(of, { languageId: "typescript", version, text: now });
    board.changed(of);
    clock.advance(100);
  }

  /** A review on command, and what came of it. */
  function command(of = uri, abort = new AbortController()) {
    const document = documentOf(of) ?? {
      ...{ uri: of, path: "a.ts", languageId: "typescript", version: 0, text },
    };
    const commanded = { document, scope: "file", token: undefined } as const;
    return { abort, result: runs.review(commanded, abort.signal) };
  }

  write(uri, text);
  return {
    ...{ clock, engine, documents, asked, states, drawn, progress, cancels, told, force },
    ...{ board, runs, write, command },
    last: () => states.at(-1)?.state,
    settled: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
}

export type RunsFixture = ReturnType<typeof createRunsFixture>;
