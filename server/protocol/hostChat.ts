import { RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { prioritySchema, requestIdSchema, usageSchema } from "./hostPrompt.ts";

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

/** Asks an instruction-tuned model, always for its likeliest answer. */
export const askParamsSchema = questionSchema.extend({
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

/** Both answer `null` when cancelled. */
export const askRequest = new RequestType<AskParams, AskResult | null, void>("ask");
export const decideRequest = new RequestType<DecideParams, DecideResult | null, void>("decide");
