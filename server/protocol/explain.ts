import { RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema, errorActions } from "./errors.ts";
import { usageSchema } from "./host.ts";

/*
 * What became of a request for a suggestion, step by step.
 */

/** One thing that was looked at on the way. */
export const explainStepSchema = z.object({
  /** Stable, such as `language`, `cache`, `window`, `gate`. */
  name: z.string(),
  title: z.string(),
  /** `stopped`: no suggestion, because of this. */
  outcome: z.enum(["passed", "stopped", "info"]),
  /** What was seen, for a person, with figures. */
  detail: z.string(),
  /** Milliseconds since the request began. */
  atMs: z.number().optional(),
});
export type ExplainStep = z.infer<typeof explainStepSchema>;

/** A part of a prompt in its order. */
export const promptRecordPartSchema = z.object({
  kind: z.enum(["special", "text"]),
  /** What it is for, such as `repository`, `snippet`, `prefix`, `suffix`, `middle`. */
  role: z.string(),
  text: z.string(),
  tokens: z.number(),
});

/** A prompt exactly as it is sent, with its token counts. */
export const promptRecordSchema = z.object({
  purpose: z.enum(["completion", "review", "generate", "revise"]),
  parts: z.array(promptRecordPartSchema),
  /** Token healing: text cut from the end that the first tokens must spell. */
  heal: z.string(),
  totalTokens: z.number(),
  /** The most tokens that the prompt may have here. */
  budgetTokens: z.number().optional(),
});
export type PromptRecord = z.infer<typeof promptRecordSchema>;

/** `starcoder prompt`: a review may need several, one for each piece of code. */
export const promptsRecordSchema = z.object({
  file: z.string(),
  prompts: z.array(promptRecordSchema.extend({ title: z.string() })),
});
export type PromptsRecord = z.infer<typeof promptsRecordSchema>;

/** `starcoder/explain` and `starcoder explain`. */
export const explainSchema = z.object({
  file: z.string(),
  /** Both count from 1. */
  line: z.number(),
  column: z.number(),
  trigger: z.enum(["automatic", "invoked"]),
  requestId: z.string(),
  /** What it came to, in one sentence for a person. */
  summary: z.string(),
  /** The suggestion; null when there is none. */
  suggestion: z.string().nullable(),
  /** Why there is none: a reason of the completer, or of the editor. */
  reason: z.string().optional(),
  error: codedErrorSchema.optional(),
  /** What would help, as buttons. */
  actions: z.array(z.enum(errorActions)),
  steps: z.array(explainStepSchema),
  prompt: promptRecordSchema.optional(),
  /** What the model wrote, before anything was cut or filtered. */
  generated: z
    .object({
      text: z.string(),
      tokens: z.array(z.object({ text: z.string(), logProbability: z.number() })),
    })
    .optional(),
  gate: z.object({ probability: z.number(), threshold: z.number() }).optional(),
  usage: usageSchema.optional(),
  totalMs: z.number(),
  model: z.object({ name: z.string(), path: z.string(), family: z.string().optional() }).optional(),
  /** The command line that does the same. */
  command: z.string(),
  /** The last requests that the editor made near here, newest first. */
  earlier: z.array(
    z.object({
      time: z.string(),
      requestId: z.string(),
      trigger: z.enum(["automatic", "invoked"]),
      outcome: z.string(),
      totalMs: z.number(),
    }),
  ),
});
export type Explain = z.infer<typeof explainSchema>;

export const explainParamsSchema = z.object({
  uri: z.string(),
  position: z.object({ line: z.number().int().min(0), character: z.number().int().min(0) }),
  trigger: z.enum(["automatic", "invoked"]).default("automatic"),
});
export type ExplainParams = z.input<typeof explainParamsSchema>;

/** Client → server: makes a request at a place as a key would, and says what became of it. */
export const explainRequest = new RequestType<ExplainParams, Explain, void>("starcoder/explain");
