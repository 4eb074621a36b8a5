import { z } from "zod";
import type { PromptScorer, PromptToken } from "../../types.ts";
import { settle } from "../../settle.ts";
import type { Transport } from "../../transport/transport.ts";
import { completionsUsageSchema, usageOf } from "../completionsStream.ts";
import { toVllmTokens } from "./prompt.ts";
import type { VllmTokens } from "./tokens.ts";

/** The most that vLLM gives of a place, unless it was started with more. */
const mostTop = 20;

const entrySchema = z.object({ logprob: z.number(), decoded_token: z.string().nullish() });
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        prompt_logprobs: z.array(z.record(z.string(), entrySchema).nullable()),
      }),
    )
    .min(1),
  usage: completionsUsageSchema,
});

const detokenizedSchema = z.object({ prompt: z.string() });

export interface VllmScorerOptions {
  readonly transport: Transport;
  readonly model: string;
  readonly tokens: VllmTokens;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/**
 * The probabilities of a prompt's tokens, by `prompt_logprobs`. Such a request reads nothing of the
 * prefix cache (measured, vLLM 0.32), so that each costs the whole prompt.
 */
export function createVllmScorer(options: VllmScorerOptions): PromptScorer {
  const { transport, model, tokens: vocabulary, now } = options;
  const firstTexts = new Map<number, string>();

  /** Of the first token the answer holds nothing. */
  async function textOf(id: number, signal: AbortSignal): Promise<string> {
    const known = firstTexts.get(id);
    if (known !== undefined) return known;
    const path = `${transport.paths.root}/detokenize`;
    const body = { model, tokens: [id] };
    const { prompt } = await transport.json({ path, body, schema: detokenizedSchema }, signal);
    firstTexts.set(id, prompt);
    return prompt;
  }

  return {
    tokenize: (texts, signal) => settle(signal, () => vocabulary.tokenizePlain(texts, signal)),
    promptTokens: (parts, signal) =>
      settle(signal, () => toVllmTokens(parts, vocabulary, vocabulary.tokenizePlain, signal)),
    scorePrompt: (tokens, top, signal) =>
      settle(signal, async () => {
        const startedAt = now();
        const [first] = tokens;
        const [answer, firstText] = await Promise.all([
          transport.json(
            {
              path: `${transport.paths.v1}/completions`,
              body: {
                model,
                prompt: tokens,
                max_tokens: 1,
                temperature: 0,
                prompt_logprobs: Math.min(top, mostTop),
              },
              schema: answerSchema,
            },
            signal,
          ),
          first === undefined ? "" : textOf(first, signal),
        ]);
        const places = answer.choices[0]?.prompt_logprobs ?? [];
        return {
          tokens: tokens.map((id, at) => tokenOf(id, places[at], at === 0 ? firstText : "", top)),
          usage: {
            ...{ queueMs: 0, decodeMs: 0, evaluatedTokens: 0, reusedTokens: 0 },
            ...usageOf(answer.usage),
            prefillMs: now() - startedAt,
            generatedTokens: 0,
          },
        };
      }),
  };
}

function tokenOf(
  id: number,
  place: Readonly<Record<string, z.infer<typeof entrySchema>>> | null | undefined,
  text: string,
  most: number,
): PromptToken {
  if (place == null) return { id, text, top: [] };
  const all = Object.entries(place).map(([key, { logprob, decoded_token: decoded }]) => ({
    id: Number(key),
    text: decoded ?? "",
    logProbability: logprob,
  }));
  const own = all.find((entry) => entry.id === id);
  const top = all.sort((a, b) => b.logProbability - a.logProbability).slice(0, most);
  if (own === undefined) return { id, text, top };
  return { id, text: own.text, logProbability: own.logProbability, top };
}
