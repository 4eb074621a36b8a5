import type { ModelDescription } from "../../../../protocol/host.ts";
import { createTokenCache } from "../../prompt/tokenCache.ts";
import { idOf } from "../../prompt/idOf.ts";
import type { Transport } from "../../transport/transport.ts";
import { completionsSampling } from "../completionsBody.ts";
import { createCompletionsReader } from "../completionsStream.ts";
import { describeByName } from "../describeByName.ts";
import type { Dialect, Wanted } from "../dialect.ts";
import type { ServedModel } from "../servedModel.ts";
import { findHealing, type Healing } from "../findHealing.ts";
import { toVllmPrompt } from "./prompt.ts";
import { createVllmScorer } from "./scorer.ts";
import { askVllmTokens } from "./tokens.ts";
import { regexBeginningWith } from "../../prompt/regex.ts";

export interface VllmOptions {
  readonly transport: Transport;
  readonly version: string;
  readonly served: ServedModel;
  readonly now: () => number;
}

/**
 * What makes an output begin with a text: since vLLM 0.11, and before. Versions ignore what they do
 * not know, so it is tried.
 */
const healings: readonly Healing[] = [
  (heal) => ({ structured_outputs: { regex: regexBeginningWith(heal) } }),
  (heal) => ({ guided_regex: regexBeginningWith(heal) }),
];

/** vLLM gives no more of a place, unless it was started with more. */
const likeliestWhileSpelling = 20;

/** Speaks with vLLM, by `/v1/completions` and `/tokenize`. */
export async function createVllmDialect(
  { transport, version, served, now }: VllmOptions,
  signal: AbortSignal,
): Promise<Dialect> {
  const tokens = await askVllmTokens(transport, served.id, signal);
  const tokenize = createTokenCache(tokens.tokenizePlain);
  const model: ModelDescription = describeByName(served, [...tokens.ids.keys()]);
  const path = `${transport.paths.v1}/completions`;

  async function bodyOf(wanted: Wanted, healed: object, aborted: AbortSignal): Promise<object> {
    const isHealed = wanted.heal !== "";
    const most = wanted.maxTokens + (isHealed ? Buffer.byteLength(wanted.heal) : 0);
    return {
      model: served.id,
      prompt: await toVllmPrompt(wanted.prompt, tokens, tokenize, aborted),
      // It can generate no less than one.
      max_tokens: Math.max(1, Math.min(most, model.contextSize - 1)),
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      ...(wanted.maxTokens === 0 ? {} : { logprobs: isHealed ? likeliestWhileSpelling : 1 }),
      stop_token_ids: wanted.stopTokens.map((text) => idOf(text, tokens.ids)),
      ...completionsSampling(wanted.sampling),
      ...healed,
    };
  }

  const found = await findHealing({ transport, path, healings, bodyOf, now }, signal);
  const limits = [
    ...(found.healing === undefined
      ? [
          `vLLM ${version} does not let outputs begin with a given text: suggestions in the middle of a word are shown only where it goes on with that word by itself.`,
        ]
      : []),
    ...(found.tellsCached
      ? []
      : [
          "It does not tell how much of a prompt it had in its cache: start vLLM with --enable-prompt-tokens-details.",
        ]),
  ];
  return {
    kind: "vllm",
    modelId: served.id,
    model,
    limits,
    // Not guarded by the key, but then it says nothing of models either.
    healthPath: `${transport.paths.root}/health`,
    tokenize: tokens.tokenizePlain,
    scorer: createVllmScorer({ transport, model: served.id, tokens, now }),
    plan: async (wanted, aborted) => ({
      path,
      body: await bodyOf(
        wanted,
        wanted.heal === "" ? {} : (found.healing?.(wanted.heal) ?? {}),
        aborted,
      ),
      read: createCompletionsReader(),
    }),
  };
}
