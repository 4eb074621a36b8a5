import { z } from "zod";
import type { Usage } from "../../../../protocol/host.ts";
import type { StreamItem } from "../dialect.ts";
import { parseEvent } from "../parseEvent.ts";

const probabilitySchema = z.object({
  token: z.string(),
  logprob: z.number().nullable(),
  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number().nullable() })).optional(),
});

const eventSchema = z.object({
  content: z.string(),
  tokens: z.array(z.number()).default([]),
  stop: z.boolean(),
  stop_type: z.string().optional(),
  tokens_evaluated: z.number().optional(),
  tokens_predicted: z.number().optional(),
  timings: z
    .object({
      cache_n: z.number().optional(),
      prompt_n: z.number(),
      prompt_ms: z.number(),
      predicted_n: z.number(),
      predicted_ms: z.number(),
    })
    .optional(),
  prompt_progress: z
    .object({ total: z.number(), cache: z.number(), processed: z.number() })
    .optional(),
  completion_probabilities: z.array(probabilitySchema).optional(),
});
type LlamaServerEvent = z.infer<typeof eventSchema>;

/** The least that a probability may be: the server writes null or a huge number for none at all. */
const leastLogProbability = -100;

/** Reads the events of `/completion`. */
export function createLlamaServerReader(
  stopIds: ReadonlySet<number>,
): (data: string) => readonly StreamItem[] {
  return (data) => {
    const event = parseEvent(data, eventSchema);
    const usage = usageOf(event);
    const items: StreamItem[] = usage === undefined ? [] : [{ kind: "usage", usage }];
    if (event.prompt_progress !== undefined) return items;
    if (event.tokens.some((token) => stopIds.has(token))) items.push({ kind: "stopToken" });
    else if (event.tokens.length > 0 || event.content !== "") items.push(tokenOf(event));
    if (event.stop) {
      items.push({ kind: "end", finish: event.stop_type === "limit" ? "length" : "stop" });
    }
    return items;
  };
}

function tokenOf({ content, completion_probabilities: all }: LlamaServerEvent): StreamItem {
  const [found] = all ?? [];
  if (found === undefined) return { kind: "token", text: content };
  const top = found.top_logprobs?.map(({ token, logprob }) => ({
    text: token,
    logProbability: bounded(logprob),
  }));
  return {
    kind: "token",
    text: content,
    logProbability: bounded(found.logprob),
    ...(top === undefined ? {} : { top }),
  };
}

function bounded(logprob: number | null): number {
  return Math.max(leastLogProbability, Math.min(0, logprob ?? leastLogProbability));
}

function usageOf(event: LlamaServerEvent): Partial<Usage> | undefined {
  const { timings, prompt_progress: progress, tokens_evaluated: promptTokens } = event;
  if (progress !== undefined) {
    return {
      evaluatedTokens: progress.processed - progress.cache,
      reusedTokens: progress.cache,
    };
  }
  if (timings === undefined) return undefined;
  const { prompt_n: evaluated, cache_n: reused } = timings;
  return {
    evaluatedTokens: evaluated,
    // Before 2025 it told only how long the whole prompt is.
    reusedTokens: reused ?? Math.max(0, (promptTokens ?? evaluated) - evaluated),
    prefillMs: timings.prompt_ms,
    decodeMs: timings.predicted_ms,
    generatedTokens: timings.predicted_n,
  };
}
