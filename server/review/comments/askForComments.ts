import type { ChatEngine } from "../../engine/engine.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Usage } from "../../protocol/host.ts";
import type { ChunkOutcome } from "../types.ts";
import { commentableLines, commentsQuestion, type Excerpt, type ReviewPrompts } from "./prompt.ts";
import { grammarSchemaOf, readAnswer, type WrittenComment } from "./schema.ts";
import { smallerChunk } from "./smaller.ts";
import { addUsage } from "./usage.ts";

/** Enough for the longest answer that the grammar allows; one that is longer was cut. */
const maxTokens = 640;

/** Never given source text. */
export interface CommentLog {
  event(name: string, fields: Readonly<Record<string, string | number>>): void;
}

export type Asked =
  | {
      readonly kind: "done";
      /** What was asked about: the whole or the smaller excerpt. */
      readonly excerpt: Excerpt;
      /** As the model wrote them; nothing of them is believed yet. */
      readonly comments: readonly WrittenComment[];
      readonly usage: Usage | undefined;
    }
  | Exclude<ChunkOutcome, { kind: "done" }>;

/**
 * Asks for comments on an excerpt and, where the answer is empty, cut, does not fit or the excerpt is
 * too long, once more about half of it. PARSING_ERROR with the reason where that does not help.
 */
export async function askForComments(
  { engine, log }: { readonly engine: Pick<ChatEngine, "ask">; readonly log: CommentLog },
  prompts: ReviewPrompts,
  whole: Excerpt,
  signal: AbortSignal,
): Promise<Asked> {
  let excerpt = whole;
  let usage: Usage | undefined;
  let failure = new CodedError("PARSING_ERROR");
  for (const attempt of [1, 2]) {
    const lines = commentableLines(excerpt);
    const outcome = await engine.ask(
      {
        messages: commentsQuestion(prompts, excerpt),
        answerPrefix: "",
        schema: grammarSchemaOf(lines),
        maxTokens,
        priority: "background",
      },
      signal,
    );
    if (outcome.kind === "cancelled") return { kind: "cancelled" };
    if (outcome.kind === "failed") {
      if (outcome.error.code !== "CONTEXT_OVERFLOW") return outcome;
      failure = outcome.error;
    } else {
      usage = addUsage(usage, outcome.value.usage);
      const answer = readAnswer(outcome.value.text, outcome.value.finish, lines);
      if (answer.kind === "comments") return { ...answer, kind: "done", excerpt, usage };
      failure = new CodedError("PARSING_ERROR", answer.reason);
    }
    log.event("comments unusable", { attempt, code: failure.code, reason: failure.message });
    const chunk = smallerChunk(excerpt.chunk, excerpt.index);
    if (chunk === undefined) break;
    excerpt = { ...excerpt, chunk };
  }
  return { kind: "failed", error: failure };
}
