import { z } from "zod";
import { mostTokens } from "./api.ts";
import { longestCode } from "./workflow.ts";

/*
 * What other programs send and expect: OpenAI's completions and llama-server's infill. Fields that
 * are not known are ignored, since clients send many.
 */

const text = z.string().max(longestCode);
const probability = z.number().min(0).max(1);
const seed = z.number().int().min(-1).max(0xffff_ffff);
const stops = z.union([z.string().max(200), z.array(z.string().max(200)).max(16)]).nullish();

/** `POST /v1/completions`. */
export const openAiBodySchema = z.looseObject({
  /** Any name: one model is served, and the answer says which. */
  model: z.string().max(500).optional(),
  prompt: z.union([text, z.array(text).length(1)]),
  suffix: text.nullish(),
  max_tokens: z.number().int().min(1).max(mostTokens).nullish(),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: probability.nullish(),
  seed: seed.nullish(),
  stop: stops,
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  /** Any number: the log-probability of each token that was written; there are no alternatives. */
  logprobs: z.number().int().min(0).max(20).nullish(),
  n: z.literal(1).nullish(),
  best_of: z.literal(1).nullish(),
  echo: z.literal(false).nullish(),
});
export type OpenAiBody = z.infer<typeof openAiBodySchema>;

export const openAiUsageSchema = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
});

/** The answer of `POST /v1/completions`; streamed, each event is one of these. */
export const openAiAnswerSchema = z.object({
  id: z.string(),
  object: z.literal("text_completion"),
  /** Seconds since 1970. */
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number().int(),
      text: z.string(),
      finish_reason: z.enum(["stop", "length"]).nullable(),
      logprobs: z
        .object({
          tokens: z.array(z.string()),
          token_logprobs: z.array(z.number()),
          top_logprobs: z.null(),
          /** Characters from the start of the written text. */
          text_offset: z.array(z.number().int()),
        })
        .nullable(),
    }),
  ),
  usage: openAiUsageSchema.optional(),
});
export type OpenAiAnswer = z.infer<typeof openAiAnswerSchema>;

/** `GET /v1/models`. */
export const openAiModelsSchema = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      id: z.string(),
      object: z.literal("model"),
      created: z.number().int(),
      owned_by: z.string(),
    }),
  ),
});

/** `POST /infill`, as llama-server has it. */
export const infillBodySchema = z.looseObject({
  input_prefix: text.default(""),
  input_suffix: text.default(""),
  /** Other files, the most telling last. */
  input_extra: z
    .array(z.looseObject({ text, filename: z.string().max(4096).default("") }))
    .max(200)
    .default([]),
  /** The line before the cursor, after `input_prefix`. */
  prompt: text.default(""),
  /** 0: only evaluates the prompt. -1: until the model ends it. */
  n_predict: z.number().int().min(-1).max(mostTokens).default(128),
  stream: z.boolean().default(false),
  stop: stops,
  temperature: z.number().min(0).max(5).optional(),
  top_k: z.number().int().min(0).max(1000).optional(),
  top_p: probability.optional(),
  repeat_penalty: z.number().min(0).max(5).optional(),
  seed: seed.optional(),
  /** Milliseconds after which the text ends with its line. 0: none. */
  t_max_predict_ms: z.number().min(0).max(600_000).default(0),
});
export type InfillBody = z.infer<typeof infillBodySchema>;

/** The answer of `POST /infill`; streamed, all events but the last hold `content` and `stop` alone. */
export const infillAnswerSchema = z.object({
  index: z.number().int().optional(),
  content: z.string(),
  stop: z.boolean(),
  id_slot: z.number().int().optional(),
  model: z.string().optional(),
  tokens_predicted: z.number().int().optional(),
  tokens_evaluated: z.number().int().optional(),
  tokens_cached: z.number().int().optional(),
  truncated: z.boolean().optional(),
  has_new_line: z.boolean().optional(),
  stop_type: z.enum(["none", "eos", "limit", "word"]).optional(),
  stopping_word: z.string().optional(),
  timings: z
    .object({
      cache_n: z.number().int(),
      prompt_n: z.number().int(),
      prompt_ms: z.number(),
      prompt_per_token_ms: z.number(),
      prompt_per_second: z.number(),
      predicted_n: z.number().int(),
      predicted_ms: z.number(),
      predicted_per_token_ms: z.number(),
      predicted_per_second: z.number(),
    })
    .optional(),
});
export type InfillAnswer = z.infer<typeof infillAnswerSchema>;
