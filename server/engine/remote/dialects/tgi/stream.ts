import { z } from "zod";
import type { StreamItem } from "../dialect.ts";
import { parseEvent } from "../parseEvent.ts";

const tokenSchema = z.object({
  text: z.string(),
  logprob: z.number().nullish(),
  special: z.boolean().default(false),
});

const eventSchema = z.object({
  token: tokenSchema,
  top_tokens: z.array(tokenSchema).nullish().catch(undefined),
  details: z
    .object({
      finish_reason: z.string(),
      generated_tokens: z.number(),
      input_length: z.number().optional(),
    })
    .nullish(),
});

const leastLogProbability = -100;

/** Reads the stream of TGI's `/generate_stream`. */
export function createTgiReader(
  stopTokens: readonly string[],
): (data: string) => readonly StreamItem[] {
  return (data) => {
    const { token, top_tokens: top, details } = parseEvent(data, eventSchema);
    const items: StreamItem[] = [];
    if (details?.input_length !== undefined) {
      const { input_length: evaluatedTokens, generated_tokens: generatedTokens } = details;
      items.push({ kind: "usage", usage: { evaluatedTokens, reusedTokens: 0, generatedTokens } });
    }
    if (token.special) {
      // The token that ends a text is a special one, too.
      if (stopTokens.includes(token.text)) items.push({ kind: "stopToken" });
    } else {
      items.push({
        kind: "token",
        text: token.text,
        ...(token.logprob == null ? {} : { logProbability: bounded(token.logprob) }),
        top: (top ?? []).map(({ text, logprob }) => ({ text, logProbability: bounded(logprob) })),
      });
    }
    if (details != null) {
      items.push({ kind: "end", finish: details.finish_reason === "length" ? "length" : "stop" });
    }
    return items;
  };
}

function bounded(logprob: number | null | undefined): number {
  return Math.max(leastLogProbability, Math.min(0, logprob ?? leastLogProbability));
}
