import type { CompletedRequest, Completer } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { whenReady } from "../engine/whenReady.ts";
import type { ProductWorld, Trial } from "../health/world.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type { Reviewer } from "../review/types.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import { trialPrefix } from "./trialPrefix.ts";

interface TrialParts {
  readonly engine: Pick<Engine, "state" | "onState" | "start">;
  readonly completer: Completer;
  readonly reviewer: Reviewer;
  readonly syntax: Syntax;
  readonly clock: Clock;
}

/** The check itself gives up much sooner. */
const atMostMs = 600_000;

let trials = 0;

/** A test completion and a test review through all that a real one passes. */
export function createTrials(parts: TrialParts): ProductWorld {
  return {
    complete: (signal) => settle(() => tryCompletion(parts, signal)),
    review: (signal) => settle(() => tryReview(parts, signal)),
  };
}

async function settle(run: () => Promise<Trial>): Promise<Trial> {
  try {
    return await run();
  } catch (thrown) {
    const { code, message } = toCodedError(thrown);
    return { kind: "failed", code, message };
  }
}

async function tryCompletion(parts: TrialParts, signal: AbortSignal): Promise<Trial> {
  const { completer, syntax, clock } = parts;
  const startedAt = clock.now();
  await syntax.load("typescript");
  await modelReady(parts, signal);
  const readyAt = clock.now();
  // What was asked before is answered from memory, which would show nothing.
  trials += 1;
  const head = `// Trial ${trials} of process ${process.pid}.\nfunction add(left: number, right: number): number {\n  return left +`;
  const requestId = `${trialPrefix}${process.pid}-${trials}`;
  const uri = `untitled:${requestId}.ts`;
  const completed = whenCompleted(completer, requestId, clock);
  const result = await completer.complete(
    {
      document: {
        ...{ uri, path: "add.ts", languageId: "typescript", version: 1 },
        text: `${head}\n}\n`,
      },
      offset: head.length,
      trigger: "invoked",
      requestId,
    },
    signal,
  );
  const totalMs = clock.now() - readyAt;
  if (result.kind === "failed") throw result.error;
  const usage = (await completed)?.usage;
  completer.close(uri);
  const suggestion = result.kind === "suggestion" ? result.suggestion.text.trim() : undefined;
  return {
    kind: "done",
    startMs: readyAt - startedAt,
    totalMs,
    ...(usage === undefined
      ? {}
      : {
          generatedTokens: usage.generatedTokens,
          evaluatedTokens: usage.evaluatedTokens,
          decodeMs: usage.decodeMs,
        }),
    outcome:
      suggestion === undefined
        ? `The model was asked, and suggested nothing: ${result.kind === "none" ? result.reason : ""}`
        : `“return left +” is continued by “${(suggestion.split("\n")[0] ?? "").slice(0, 60)}”`,
    useful: suggestion !== undefined,
  };
}

/** What a request cost is known a moment after its answer. */
function whenCompleted(
  completer: Completer,
  requestId: string,
  clock: Clock,
): Promise<CompletedRequest | undefined> {
  return new Promise((resolve) => {
    const finish = (completed?: CompletedRequest) => {
      stop();
      cancel();
      resolve(completed);
    };
    const stop = completer.onCompleted((completed) => {
      if (completed.request.requestId === requestId) finish(completed);
    });
    const cancel = clock.after(60_000, finish);
  });
}

const reviewed = [
  "export function sum(items: number[]): number {",
  "  let total = 0;",
  "  for (let index = 0; index <= items.length; index++) {",
  "    total += items[index];",
  "  }",
  "  return total;",
  "}",
  "",
].join("\n");

async function tryReview(parts: TrialParts, signal: AbortSignal): Promise<Trial> {
  const { reviewer, clock } = parts;
  const startedAt = clock.now();
  await modelReady(parts, signal);
  const readyAt = clock.now();
  trials += 1;
  const requestId = `${trialPrefix}${process.pid}-${trials}`;
  const uri = "untitled:doctor-review.ts";
  const outcome = await reviewer.review(
    {
      document: { uri, path: "sum.ts", languageId: "typescript", version: trials, text: reviewed },
      scope: "file",
      trigger: "command",
      requestId,
    },
    () => undefined,
    signal,
  );
  reviewer.closed(uri);
  if (outcome.kind === "cancelled") throw new CodedError("TIMEOUT_ERROR", "It was cancelled.");
  const { result } = outcome;
  if (result.scoreError !== undefined) throw CodedError.fromData(result.scoreError);
  const { findings, reviewedLines, score, skipped, tokensUsed } = result;
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const scored = score === undefined ? "" : `, score ${score}`;
  return {
    kind: "done",
    startMs: readyAt - startedAt,
    totalMs: clock.now() - readyAt,
    evaluatedTokens: tokensUsed,
    outcome:
      skipped === undefined
        ? `${reviewedLines} lines reviewed: ${count}${scored}`
        : `Reviews are made, and this one was left out: ${skipped.detail || skipped.reason}`,
    // Left out on purpose, such as with reviews turned off.
    useful: true,
  };
}

/** Starts the model and waits for it. Rejects with the reason why it does not come. */
async function modelReady({ engine, clock }: TrialParts, signal: AbortSignal): Promise<void> {
  engine.start("explicit");
  // One that is tried again by itself has failed once: that is what is asked for here.
  const ready = await whenReady(engine, { clock, atMostMs, signal, firstFailure: true });
  if (ready.kind === "failed") throw ready.error;
  if (ready.kind !== "ready") throw new CodedError("TIMEOUT_ERROR", "It was cancelled.");
}
