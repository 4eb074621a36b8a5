import { z } from "zod";
import type { Usage } from "../../../protocol/host.ts";
import type { Likely, StreamItem } from "./dialect.ts";
import { parseEvent } from "./parseEvent.ts";

/** What of OpenAI's `usage` is read; prompt details are vLLM's and llama-server's, too. */
export const completionsUsageSchema = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number().optional(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

const logprobsSchema = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
});

const eventSchema = z.object({
  choices: z.array(
    z.object({
      text: z.string().nullish(),
      finish_reason: z.string().nullish(),
      // Servers give them in several shapes; one that is not known is none.
      logprobs: logprobsSchema.nullish().catch(undefined),
    }),
  ),
  usage: completionsUsageSchema.nullish(),
});
type CompletionsEvent = z.infer<typeof eventSchema>;
type Choice = CompletionsEvent["choices"][number];

const leastLogProbability = -100;

/**
 * Reads the stream of `/v1/completions`. Its last word is `[DONE]`: what was counted comes after the
 * reason why the text ended.
 */
export function createCompletionsReader(): (data: string) => readonly StreamItem[] {
  let finish: "stop" | "length" = "stop";
  return (data) => {
    if (data.trim() === "[DONE]") return [{ kind: "end", finish }];
    const { choices, usage } = parseEvent(data, eventSchema);
    const items: StreamItem[] = usage == null ? [] : [{ kind: "usage", usage: usageOf(usage) }];
    for (const choice of choices) {
      items.push(...tokensOf(choice));
      if (choice.finish_reason === "length") finish = "length";
    }
    return items;
  };
}

function tokensOf({ text, logprobs, finish_reason: reason }: Choice): StreamItem[] {
  const whole = text ?? "";
  const tokens = logprobs?.tokens ?? [];
  if (tokens.length === 0) {
    // The last event of some servers holds nothing but the reason.
    return whole === "" && reason != null ? [] : [{ kind: "token", text: whole }];
  }
  // Halves of characters are told in other ways: then the text goes to the first token.
  const texts = tokens.join("") === whole ? tokens : tokens.map((_, at) => (at === 0 ? whole : ""));
  return texts.map((each, at) => ({
    kind: "token",
    text: each,
    logProbability: bounded(logprobs?.token_logprobs[at]),
    top: likelyOf(logprobs?.top_logprobs?.[at]),
  }));
}

function likelyOf(top: Readonly<Record<string, number>> | null | undefined): Likely[] {
  return Object.entries(top ?? {}).map(([text, logprob]) => ({
    text,
    logProbability: bounded(logprob),
  }));
}

function bounded(logprob: number | null | undefined): number {
  return Math.max(leastLogProbability, Math.min(0, logprob ?? leastLogProbability));
}

/** The cost by a server's `usage`; what it does not tell of its cache counts as evaluated. */
export function usageOf(usage: z.infer<typeof completionsUsageSchema>): Partial<Usage> {
  const reused = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    evaluatedTokens: Math.max(0, usage.prompt_tokens - reused),
    reusedTokens: reused,
    ...(usage.completion_tokens === undefined ? {} : { generatedTokens: usage.completion_tokens }),
  };
}
