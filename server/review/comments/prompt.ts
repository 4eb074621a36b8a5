import type { ChatMessage } from "../../protocol/host.ts";
import { withLineFeeds } from "../../text/lines.ts";
import type { LineIndex } from "../../text/positions.ts";
import type { Prompts } from "../../text/promptFile.ts";
import { section } from "../../text/promptSections.ts";
import { linesIn, rangesOf } from "../lines.ts";
import type { Chunk, ReviewDocument } from "../types.ts";
import { loadPrompts } from "./loadPrompts.ts";
import { purposeText } from "./purpose.ts";
import { longest, mostComments, type WrittenComment } from "./schema.ts";

/** The prompts of `prompts/review.md` and the slots of each. */
export const reviewPromptSlots = {
  system: [],
  code: ["path", "language", "purpose", "context", "code"],
  purpose: ["task", "requirements", "tests"],
  requirements: ["list"],
  tests: ["language", "code"],
  context: ["text"],
  comments: ["lines", "most"],
  check: ["line", "quote", "message", "replacement"],
  replacement: ["code"],
  score: ["lines"],
} as const;

export type ReviewPrompts = Prompts<typeof reviewPromptSlots>;

/**
 * Reads the review's prompts from the text of their file.
 * @param file its name in the error
 * @throws CodedError PROMPT_INVALID naming each prompt or slot that is missing or unknown.
 */
export function loadReviewPrompts(text: string, file = "prompts/review.md"): ReviewPrompts {
  return loadPrompts(text, reviewPromptSlots, file);
}

/** A piece of a document as it is put before the model. */
export interface Excerpt {
  readonly document: ReviewDocument;
  readonly index: LineIndex;
  readonly chunk: Chunk;
}

/** Lines that may be commented on, counted from 1: changed ones inside the chunk that hold text. */
export function commentableLines({ document, index, chunk }: Excerpt): number[] {
  const first = index.positionAt(chunk.start).line;
  return [...linesIn(chunk.lines, index.lineCount)]
    .filter((line) => {
      const start = index.startOf(line);
      if (line < first || start >= chunk.end) return false;
      return document.text.slice(start, index.startOf(line + 1)).trim() !== "";
    })
    .sort((a, b) => a - b)
    .map((line) => line + 1);
}

/** Asks for comments on an excerpt. */
export function commentsQuestion(prompts: ReviewPrompts, excerpt: Excerpt): ChatMessage[] {
  const lines = lineList(commentableLines(excerpt));
  return question(prompts, excerpt, prompts.comments({ lines, most: String(mostComments) }));
}

/** Asks whether a comment is right; `quote` and `replacement` as they stand, or will, in the code. */
export function checkQuestion(
  prompts: ReviewPrompts,
  excerpt: Excerpt,
  comment: Pick<WrittenComment, "message" | "quote" | "replacement"> & { readonly line: number },
): ChatMessage[] {
  const { line, message, replacement } = comment;
  const task = prompts.check({
    line: String(line),
    quote: comment.quote,
    message: message.slice(0, longest.message),
    replacement: replacement === null ? "" : `\n${prompts.replacement({ code: replacement })}\n`,
  });
  return question(prompts, excerpt, task);
}

/** Asks how good an excerpt is, from 1 to 10. */
export function scoreQuestion(prompts: ReviewPrompts, excerpt: Excerpt): ChatMessage[] {
  const lines = lineList(commentableLines(excerpt));
  return question(prompts, excerpt, prompts.score({ lines }));
}

/** The code comes before the task, so that all questions about it share it in the model's cache. */
function question(prompts: ReviewPrompts, excerpt: Excerpt, task: string): ChatMessage[] {
  const { document, chunk } = excerpt;
  const context = withLineFeeds(chunk.context).trimEnd();
  const purpose = purposeText(prompts, document).trimEnd();
  const code = prompts.code({
    path: document.path,
    language: document.languageId,
    purpose: section(purpose, () => purpose),
    context: section(context, () => prompts.context({ text: context })),
    code: numbered(excerpt),
  });
  return [
    { role: "system", text: prompts.system({}) },
    { role: "user", text: `${code}\n\n${task}` },
  ];
}

/** The chunk's lines, each behind its number in the file. */
function numbered({ document, index, chunk }: Excerpt): string {
  const first = index.positionAt(chunk.start).line;
  return withLineFeeds(document.text.slice(chunk.start, chunk.end))
    .trimEnd()
    .split("\n")
    .map((line, offset) => `${first + offset + 1}: ${line}`)
    .join("\n");
}

/** `3–5, 9`. */
function lineList(lines: readonly number[]): string {
  return rangesOf(lines)
    .map(({ start, end }) => (end - start > 1 ? `${start}–${end - 1}` : String(start)))
    .join(", ");
}
