import type { ChatEngine } from "../../engine/engine.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { ModelDescription, Usage } from "../../protocol/host.ts";
import { createLineIndex } from "../../text/positions.ts";
import type { Chunk, ReviewDocument } from "../types.ts";
import { isInstruct } from "./instruct.ts";
import { commentableLines, scoreQuestion, type ReviewPrompts } from "./prompt.ts";
import { addUsage } from "./usage.ts";

/** The answers that count, and what they stand for. */
const grades = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/** Below this share of the model's probability it did not answer the question. */
const leastCovered = 0.1;

export type ScoreOutcome =
  | {
      readonly kind: "done";
      /** 1 to 10, one decimal. */
      readonly score: number;
      readonly usage: Usage;
    }
  /** It spreads its answer over nearly all grades: their mean would be a default in disguise. */
  | { readonly kind: "undecided"; readonly usage: Usage }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/**
 * The share of the greatest possible entropy from which on a model has no opinion: so flat are seven
 * grades of equal probability. A 0.5B model reaches 0.96 on any code, right or wrong.
 */
const undecidedFrom = 0.85;

/**
 * A document's score by an instruction-tuned model: of each chunk the expectation over the
 * probabilities of the answers 1 to 10, averaged by reviewed lines. Fails where any chunk gets none:
 * part of a file's score is not the file's.
 */
export async function scoreByModel(
  {
    engine,
    prompts,
  }: { readonly engine: Pick<ChatEngine, "decide">; readonly prompts: ReviewPrompts },
  document: ReviewDocument,
  chunks: readonly Chunk[],
  signal: AbortSignal,
): Promise<ScoreOutcome> {
  const index = createLineIndex(document.text);
  let usage: Usage | undefined;
  let sum = 0;
  let weight = 0;
  for (const chunk of chunks) {
    const excerpt = { document, index, chunk };
    const lines = commentableLines(excerpt).length;
    if (lines === 0) continue;
    const outcome = await engine.decide(
      {
        messages: scoreQuestion(prompts, excerpt),
        answerPrefix: "",
        options: grades,
        priority: "background",
      },
      signal,
    );
    if (outcome.kind === "cancelled") return { kind: "cancelled" };
    if (outcome.kind === "failed") return outcome;
    const { probabilities, covered } = outcome.value;
    if (!(covered >= leastCovered)) {
      const detail = `The model does not answer with a number from 1 to 10 (${Math.round(covered * 100)}%).`;
      return { kind: "failed", error: new CodedError("PARSING_ERROR", detail) };
    }
    usage = addUsage(usage, outcome.value.usage);
    if (flatnessOf(probabilities) >= undecidedFrom) return { kind: "undecided", usage };
    sum += lines * probabilities.reduce((total, share, grade) => total + share * (grade + 1), 0);
    weight += lines;
  }
  if (usage === undefined) {
    const error = new CodedError("PARSING_ERROR", "There was nothing to give a score for.");
    return { kind: "failed", error };
  }
  return { kind: "done", score: Math.round((10 * sum) / weight) / 10, usage };
}

/** Entropy as a share of the greatest possible: 1 where all are equally likely. */
function flatnessOf(probabilities: readonly number[]): number {
  const entropy = probabilities.reduce(
    (sum, share) => (share > 0 ? sum - share * Math.log(share) : sum),
    0,
  );
  return entropy / Math.log(probabilities.length);
}

/**
 * How a model scores documents; undefined for one that was not tuned to follow instructions.
 * @param dependencies `prompts` throws a CodedError where a user's own cannot be used.
 */
export function scorerFor(
  dependencies: {
    readonly engine: Pick<ChatEngine, "decide">;
    readonly prompts: () => ReviewPrompts;
    readonly instruct: () => "auto" | "on" | "off";
  },
  model: ModelDescription,
):
  | ((
      document: ReviewDocument,
      chunks: readonly Chunk[],
      signal: AbortSignal,
    ) => Promise<ScoreOutcome>)
  | undefined {
  const { engine, prompts, instruct } = dependencies;
  if (!isInstruct(model, instruct())) return undefined;
  return async (document, chunks, signal) => {
    try {
      return await scoreByModel({ engine, prompts: prompts() }, document, chunks, signal);
    } catch (thrown) {
      if (thrown instanceof CodedError) return { kind: "failed", error: thrown };
      throw thrown;
    }
  };
}
