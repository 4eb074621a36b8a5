import { z } from "zod";

/** A piece of a prompt: a special token by its text, or user text, which never becomes special. */
export const promptPartSchema = z.union([
  z.object({ special: z.string() }),
  z.object({ text: z.string() }),
]);
export type PromptPart = z.infer<typeof promptPartSchema>;

/** Typing goes before speculation, speculation before background work (review). */
export const prioritySchema = z.enum(["typing", "speculation", "background"]);
export type Priority = z.infer<typeof prioritySchema>;

/** Where the time of a request went, in milliseconds, and what it cost, in tokens. */
export const usageSchema = z.object({
  queueMs: z.number(),
  prefillMs: z.number(),
  decodeMs: z.number(),
  /** Prompt tokens evaluated, prompt tokens found in the KV cache, tokens generated. */
  evaluatedTokens: z.number(),
  reusedTokens: z.number(),
  generatedTokens: z.number(),
  /**
   * What other remote engines evaluated and generated in vain: the request was late and was asked of
   * two, or one was given up. In none of the figures above; absent where there was nothing.
   */
  hedgedTokens: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** What nothing costs. */
export const noUsage: Usage = {
  queueMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  evaluatedTokens: 0,
  reusedTokens: 0,
  generatedTokens: 0,
};

/** Which keystroke or save a request belongs to: the same in every process's log. */
export const requestIdSchema = z.string().max(200).optional();

export const samplingSchema = z.object({
  /** 0: greedy. */
  temperature: z.number().min(0),
  topP: z.number().min(0).max(1),
  topK: z.number().int().min(0),
  /** 1: off. */
  repetitionPenalty: z.number().min(0),
  seed: z.number().int().optional(),
});
export type Sampling = z.infer<typeof samplingSchema>;
