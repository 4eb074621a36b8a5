import { RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { prioritySchema, requestIdSchema, samplingSchema, usageSchema } from "./hostPrompt.ts";

/** One message to an instruction-tuned model. Its text never becomes special tokens. */
export const chatMessageSchema = z.object({
  role: z.enum(["system", "user"]),
  text: z.string(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

const questionSchema = z.object({
  requestId: requestIdSchema,
  /** Rendered by the model's own chat template, or a plain one where it has none. */
  messages: z.array(chatMessageSchema).min(1),
  /** How the answer begins; the model goes on from there. May be empty. */
  answerPrefix: z.string(),
  priority: prioritySchema,
});

/** Asks an instruction-tuned model. Hosts of older versions ignore `id` and `sampling`. */
export const askParamsSchema = questionSchema.extend({
  /**
   * Unique per connection: the answer's tokens come as token notifications that carry it, and when
   * cancelled the request is answered with what it cost instead of `null`.
   */
  id: z.string().optional(),
  /** Absent, or within a schema: the likeliest answer. */
  sampling: samplingSchema.optional(),
  /**
   * JSON schema of an object or array that the answer must fit, from after its prefix on; absent:
   * any text. All properties are required. Bound strings and arrays and give integers as enums: what
   * is unbounded may run to `maxTokens`.
   */
  schema: z.record(z.string(), z.unknown()).optional(),
  maxTokens: z.number().int().min(1),
});
export type AskParams = z.infer<typeof askParamsSchema>;

export const askResultSchema = z.object({
  /** Without the answer's prefix. */
  text: z.string(),
  /** `length`: cut off, so that JSON is incomplete. */
  finish: z.enum(["stop", "length"]),
  usage: usageSchema,
});
export type AskResult = z.infer<typeof askResultSchema>;

/** What the host answers; `cancelled` only where the request has an `id`, else then `null`. */
export const askAnswerSchema = askResultSchema
  .extend({ finish: z.enum(["stop", "length", "cancelled"]) })
  .nullable();
export type AskAnswer = z.infer<typeof askAnswerSchema>;

/** How likely each of several answers is. Nothing is generated. */
export const decideParamsSchema = questionSchema.extend({
  /** The answers that count, all different and none empty, each as it would follow the prefix. */
  options: z.array(z.string().min(1)).min(2),
});
export type DecideParams = z.infer<typeof decideParamsSchema>;

export const decideResultSchema = z.object({
  /** Of each option, in the order given; they sum to 1. */
  probabilities: z.array(z.number().min(0).max(1)),
  /** How much of the model's whole probability the options had together, before that. */
  covered: z.number().min(0),
  usage: usageSchema,
});
export type DecideResult = z.infer<typeof decideResultSchema>;

export const askRequest = new RequestType<AskParams, AskAnswer, void>("ask");
/** Answers `null` when cancelled. */
export const decideRequest = new RequestType<DecideParams, DecideResult | null, void>("decide");
