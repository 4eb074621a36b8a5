import { z } from "zod";
import type { Usage } from "../../../protocol/host.ts";

const likelySchema = z.object({
  token: z.string(),
  logprob: z.number().nullable(),
  /** Of tokens that cut a character only these tell what they are. */
  bytes: z.array(z.number().int()).nullish(),
});

const logprobsSchema = z
  .object({
    content: z
      .array(likelySchema.extend({ top_logprobs: z.array(likelySchema).nullish() }))
      .nullish(),
  })
  .nullish();

const usageFields = {
  usage: z
    .object({
      prompt_tokens: z.number().optional(),
      completion_tokens: z.number().optional(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  /** llama-server's own. */
  timings: z.object({ prompt_ms: z.number(), predicted_ms: z.number() }).nullish().catch(undefined),
};

/** One event of a streamed answer. */
export const chatEventSchema = z.object({
  ...usageFields,
  choices: z.array(
    z.object({
      delta: z
        .object({
          content: z.string().nullish(),
          /** Models that think aloud first. */
          reasoning_content: z.string().nullish(),
        })
        .nullish(),
      finish_reason: z.string().nullish(),
      logprobs: logprobsSchema,
    }),
  ),
});
export type ChatEvent = z.infer<typeof chatEventSchema>;

/** A whole answer, of which only probabilities count. */
export const chatAnswerSchema = z.object({
  ...usageFields,
  choices: z.array(z.object({ logprobs: logprobsSchema })),
});
export type ChatAnswer = z.infer<typeof chatAnswerSchema>;

/** What it cost, as far as the server says. */
export function usageOf({ usage, timings }: Pick<ChatEvent, "usage" | "timings">): Partial<Usage> {
  const told: Partial<Usage> = {};
  const reused = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  if (usage?.prompt_tokens !== undefined) {
    told.evaluatedTokens = Math.max(0, usage.prompt_tokens - reused);
    told.reusedTokens = reused;
  }
  if (usage?.completion_tokens !== undefined) told.generatedTokens = usage.completion_tokens;
  if (timings != null) {
    told.prefillMs = timings.prompt_ms;
    told.decodeMs = timings.predicted_ms;
  }
  return told;
}

/** A token's own text; undefined where its bytes are no whole characters. */
export function textOf({ token, bytes }: z.infer<typeof likelySchema>): string | undefined {
  if (bytes == null || bytes.length === 0) return token;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
  } catch {
    return undefined;
  }
}
