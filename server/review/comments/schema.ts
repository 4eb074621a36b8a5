import { z } from "zod";

/** What a comment may be about. */
export const commentCategories = [
  "correctness",
  "logic",
  "security",
  "performance",
  "clarity",
] as const;

/** No comment is an error: a model's word alone proves nothing. */
export const commentSeverities = ["warning", "information", "hint"] as const;

/** The most comments on one piece of code. */
export const mostComments = 3;

/** The longest texts of a comment, in characters, so that no answer runs on. */
export const longest = { quote: 120, message: 200, replacement: 160 } as const;

const writtenCommentSchema = z.object({
  line: z.number().int(),
  quote: z.string().min(1).max(longest.quote),
  category: z.enum(commentCategories),
  severity: z.enum(commentSeverities),
  message: z.string().min(1).max(longest.message),
  replacement: z.string().max(longest.replacement).nullable(),
});
/** A comment as the model wrote it; lines count from 1. */
export type WrittenComment = z.infer<typeof writtenCommentSchema>;

const answerSchema = z.object({ comments: z.array(writtenCommentSchema).max(mostComments) });

/**
 * The JSON schema that the grammar holds an answer to. @param lines those that may be commented on,
 * counted from 1; an integer would not be bounded, so they are an enumeration.
 */
export function grammarSchemaOf(lines: readonly number[]): Record<string, unknown> {
  const text = (minLength: number, maxLength: number) => ({ type: "string", minLength, maxLength });
  return {
    type: "object",
    properties: {
      comments: {
        type: "array",
        maxItems: mostComments,
        items: {
          type: "object",
          // In this order: small models that name a line first name the first one and quote that.
          properties: {
            quote: text(1, longest.quote),
            replacement: { oneOf: [{ type: "null" }, text(0, longest.replacement)] },
            message: text(8, longest.message),
            line: { enum: lines },
            category: { enum: commentCategories },
            severity: { enum: commentSeverities },
          },
        },
      },
    },
  };
}

export type ReadAnswer =
  | { readonly kind: "comments"; readonly comments: readonly WrittenComment[] }
  /** Why it cannot be used; nothing of the answer is quoted. */
  | { readonly kind: "unusable"; readonly reason: string };

/** Reads an answer, trusting nothing: an engine may know no grammars. */
export function readAnswer(
  text: string,
  finish: "stop" | "length",
  lines: readonly number[],
): ReadAnswer {
  if (text.trim() === "") return { kind: "unusable", reason: "The answer was empty." };
  if (finish === "length") return { kind: "unusable", reason: "The answer was cut off." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "unusable", reason: "The answer was no JSON." };
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const reason = `The answer did not fit: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
    return { kind: "unusable", reason };
  }
  const { comments } = parsed.data;
  if (!comments.every(({ line }) => lines.includes(line))) {
    return { kind: "unusable", reason: "The answer named a line that was not asked about." };
  }
  return { kind: "comments", comments };
}
