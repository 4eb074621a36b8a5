import { NotificationType, RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";

/*
 * What a review says, for the editor, the command line and scripts: rules, findings, results, and the
 * messages between client and server that carry them.
 */

export const severitySchema = z.enum(["error", "warning", "information", "hint"]);
export type Severity = z.infer<typeof severitySchema>;

/** One rule, declared once: settings, SARIF and the documentation's list come from here. */
export interface RuleDeclaration {
  /** A few words, as a heading. */
  readonly title: string;
  /** What it finds, one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** What its findings are about, for recommendations. */
  readonly category: "correctness" | "logic" | "clarity" | "security" | "performance";
}

function rule(
  title: string,
  description: string,
  severity: Severity = "warning",
  category: RuleDeclaration["category"] = "correctness",
): RuleDeclaration {
  return { title, description, severity, category };
}

/** Every rule by its id; `docs/rules/NAME.md` is its page, NAME being the id without `starcoder/`. */
export const ruleDeclarations = {
  "starcoder/wrong-identifier": rule(
    "Wrong identifier",
    "Another name in scope is much likelier here than the one written.",
  ),
  "starcoder/wrong-member": rule(
    "Wrong member",
    "Another member of the same object is much likelier here.",
  ),
  "starcoder/wrong-comparison": rule(
    "Wrong comparison",
    "Another comparison is much likelier here, such as `<` for `<=`.",
    "warning",
    "logic",
  ),
  "starcoder/wrong-operator": rule(
    "Wrong operator",
    "Another operator is much likelier here, such as `&&` for `||` or `+` for `-`.",
    "warning",
    "logic",
  ),
  "starcoder/negation": rule(
    "Flipped or missing negation",
    "The condition is much likelier with, or without, a negation.",
    "warning",
    "logic",
  ),
  "starcoder/wrong-literal": rule(
    "Wrong literal",
    "Another number or truth value is much likelier here, such as 0 for 1.",
  ),
  "starcoder/swapped-arguments": rule(
    "Swapped arguments",
    "The call is much likelier with two of its arguments exchanged.",
  ),
  "starcoder/missing-await": rule(
    "Missing await",
    "The call is much likelier with `await` before it.",
  ),
  "starcoder/missing-return": rule(
    "Missing return",
    "The last expression is much likelier with `return` before it.",
  ),
  "starcoder/same-operands": rule(
    "Both sides are the same",
    "Both sides of the operator are the same code, so that it cannot matter.",
    "warning",
    "logic",
  ),
  "starcoder/comment": rule(
    "Comment",
    "A remark of an instruction-tuned model, anchored by a quote and checked.",
    "information",
    "clarity",
  ),
} as const satisfies Record<string, RuleDeclaration>;

export type RuleId = keyof typeof ruleDeclarations;
export const ruleIds = Object.keys(ruleDeclarations) as [RuleId, ...RuleId[]];

const positionSchema = z.object({
  line: z.number().int().min(0),
  character: z.number().int().min(0),
});
/** As LSP counts: lines and UTF-16 code units from 0, the end outside. */
export const rangeSchema = z.object({ start: positionSchema, end: positionSchema });
export type Range = z.infer<typeof rangeSchema>;

export const reviewFindingSchema = z.object({
  rule: z.enum(ruleIds),
  origin: z.enum(["likelihood", "comment"]),
  category: z.string(),
  severity: severitySchema,
  message: z.string(),
  /** Why it is believed, for a person. */
  why: z.string(),
  /** Probability that it is right, from 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Natural logarithm of the odds of the alternative over the code as written. */
  odds: z.number().optional(),
  /** Sure enough to be drawn in the editor at the settings in force. */
  shown: z.boolean(),
  range: rangeSchema,
  /** Text of the range as written. */
  written: z.string(),
  /** The fix; absent where there is none. */
  fix: z
    .object({
      title: z.string(),
      edits: z.array(z.object({ range: rangeSchema, newText: z.string() })),
    })
    .optional(),
  related: z.array(z.object({ range: rangeSchema, message: z.string() })),
  tags: z.array(z.enum(["unnecessary"])),
  /** Rule and normalised code: the same wherever the code moves. */
  fingerprint: z.string(),
});
export type ReviewFinding = z.infer<typeof reviewFindingSchema>;

/** Findings of one kind summed up. */
export const recommendationSchema = z.object({
  rule: z.enum(ruleIds),
  category: z.string(),
  /** What to do, one sentence. */
  message: z.string(),
  count: z.number().int().min(1),
  /** Probability that at least one of them is right. */
  confidence: z.number().min(0).max(1),
  /** Lines, counted from 1, where they stand. */
  lines: z.array(z.number().int().min(1)),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

export const reviewSkipReasons = [
  "off",
  "language",
  "ignored",
  "generated",
  "minified",
  "binary",
  "tooLarge",
  "unchanged",
  "empty",
  "conflict",
  "syntaxError",
] as const;

export const reviewResultSchema = z.object({
  /** 1 (bad) to 10 (nothing found); absent where the review could not be done: see `scoreError`. */
  score: z.number().min(1).max(10).optional(),
  scoreError: codedErrorSchema.optional(),
  /** All, the likeliest first where they do not differ in severity; `shown` tells which are drawn. */
  findings: z.array(reviewFindingSchema),
  /** Most useful first. */
  recommendations: z.array(recommendationSchema),
  /** Lines looked at by this review. */
  reviewedLines: z.number().int().min(0),
  /**
   * The same as ranges `[start, end)` of lines, counted from 0; absent: all of the document. A client
   * keeps what it knew of the other lines.
   */
  reviewed: z
    .array(z.object({ start: z.number().int().min(0), end: z.number().int().min(0) }))
    .optional(),
  /** Why nothing, or not all, was looked at. */
  skipped: z.object({ reason: z.enum(reviewSkipReasons), detail: z.string() }).optional(),
  /**
   * Why one kind of review was left out, where another was made: the engine does not tell how likely
   * a text is, so that findings and score are those of the model asked in words alone.
   */
  without: codedErrorSchema.optional(),
  /** Chunks left out because the time allowed was used up. */
  unreviewedChunks: z.number().int().min(0),
  tokensUsed: z.number().int().min(0),
  durationMs: z.number().min(0),
  model: z.string().optional(),
  /** The calibration curve in use, and whether it was fitted on this model. */
  curve: z.object({ name: z.string(), own: z.boolean() }).optional(),
});
export type ReviewResult = z.infer<typeof reviewResultSchema>;

export const reviewParamsSchema = z.object({
  uri: z.string(),
  /** `file`: all of it (default); `changed`: since the last review or HEAD; or these lines only. */
  scope: z.union([z.enum(["file", "changed"]), z.object({ range: rangeSchema })]).default("file"),
});
export type ReviewParams = z.input<typeof reviewParamsSchema>;

/** Client → server: review now; answers when done. Findings are published as diagnostics too. */
export const reviewRequest = new RequestType<ReviewParams, ReviewResult, void>("starcoder/review");

const documentParamsSchema = z.object({ uri: z.string() });
/** Client → server: what is known of a document without looking again; null: never reviewed. */
export const findingsParamsSchema = documentParamsSchema;
export const findingsRequest = new RequestType<{ uri: string }, ReviewResult | null, void>(
  "starcoder/findings",
);

/** Client → server: forget and clear findings, of one document or of all. */
export const clearReviewParamsSchema = z.object({ uri: z.string().optional() });
export const clearReviewRequest = new RequestType<{ uri?: string }, null, void>(
  "starcoder/clearReview",
);

/** Client → server: never show this finding again, or (`restore`) show dismissed ones again. */
export const dismissParamsSchema = z.union([
  z.object({ uri: z.string(), fingerprint: z.string() }),
  z.object({ restore: z.literal("all") }),
]);
export type DismissParams = z.infer<typeof dismissParamsSchema>;
export const dismissRequest = new RequestType<DismissParams, null, void>("starcoder/dismiss");

/** Server → client: where a document's review stands, complete in itself. */
export const reviewStateSchema = z.object({
  uri: z.string(),
  state: z.enum(["reviewing", "done", "skipped", "failed", "cleared"]),
  score: z.number().optional(),
  scoreError: codedErrorSchema.optional(),
  /** Findings drawn and findings kept back. */
  shown: z.number().int(),
  hidden: z.number().int(),
  skipped: z.object({ reason: z.enum(reviewSkipReasons), detail: z.string() }).optional(),
  /** Parts done and to do, while reviewing. */
  done: z.number().int(),
  total: z.number().int(),
});
export type ReviewState = z.infer<typeof reviewStateSchema>;
export const reviewStateNotification = new NotificationType<ReviewState>("starcoder/reviewState");

/** `data` of a published diagnostic: enough for code actions in any client. */
export const diagnosticDataSchema = z.object({
  fingerprint: z.string(),
  rule: z.enum(ruleIds),
  confidence: z.number(),
});
export type DiagnosticData = z.infer<typeof diagnosticDataSchema>;

/**
 * Commands in code actions that every client can send back (`workspace/executeCommand`), and the one
 * that only a client which declares it (`experimental.starcoder.turnRuleOff`) is offered.
 */
export const reviewServerCommands = { dismiss: "starcoder.server.dismiss" } as const;
export const turnRuleOffCommand = "starcoder.review.turnRuleOff";
