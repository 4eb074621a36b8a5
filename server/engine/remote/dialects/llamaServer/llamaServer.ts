import type { Sampling } from "../../../../protocol/host.ts";
import type { Transport } from "../../transport/transport.ts";
import { idOf } from "../../prompt/idOf.ts";
import { grammarBeginningWith } from "../../prompt/gbnf.ts";
import { createTokenCache } from "../../prompt/tokenCache.ts";
import type { Dialect, Wanted } from "../dialect.ts";
import type { ServedModel } from "../servedModel.ts";
import { describeLlamaServer, type LlamaServerProps } from "./describe.ts";
import { toLlamaServerPrompt } from "./prompt.ts";
import { createLlamaServerReader } from "./stream.ts";
import { askSpecialTokens, tokenizePlain } from "./tokens.ts";

/** Enough to know how much weight the tokens have that agree with a text to be spelled. */
const likeliestWhileSpelling = 20;

const llamaServerLimits: readonly string[] = [
  "llama-server does not tell how likely the tokens of a prompt are: review by likelihood needs the local engine or vLLM.",
];

/** Speaks with llama.cpp's own server, by `/completion` and `/tokenize`. */
export async function createLlamaServerDialect(
  transport: Transport,
  props: LlamaServerProps,
  served: ServedModel,
  signal: AbortSignal,
): Promise<Dialect> {
  const special = await askSpecialTokens(transport, signal);
  const tokenize = createTokenCache((texts, aborted) => tokenizePlain(transport, texts, aborted));
  return {
    kind: "llama-server",
    modelId: served.id,
    model: describeLlamaServer(props, served, [...special.ids.keys()]),
    limits: llamaServerLimits,
    healthPath: `${transport.paths.root}/health`,
    tokenize: (texts, aborted) => tokenizePlain(transport, texts, aborted),
    async plan(wanted, aborted) {
      const prompt = await toLlamaServerPrompt(wanted.prompt, special, tokenize, aborted);
      const stopIds = new Set(wanted.stopTokens.map((text) => idOf(text, special.ids)));
      return {
        path: `${transport.paths.root}/completion`,
        body: { ...bodyOf(wanted), prompt, model: served.id },
        read: createLlamaServerReader(stopIds),
      };
    },
  };
}

function bodyOf({ heal, maxTokens, sampling }: Wanted): object {
  const isHealed = heal !== "";
  return {
    stream: true,
    cache_prompt: true,
    timings_per_token: true,
    // One that is given up before its first token has told, too, how much of its prompt it read.
    return_progress: true,
    // Tokens that spell what was cut off come on top; each is at least a byte long.
    n_predict: maxTokens + (isHealed ? Buffer.byteLength(heal) : 0),
    n_probs: maxTokens === 0 ? 0 : isHealed ? likeliestWhileSpelling : 1,
    ...(isHealed ? { grammar: grammarBeginningWith(heal) } : {}),
    ...samplingOf(sampling),
  };
}

/** The samplers that are needed: each looks at the whole vocabulary. */
function samplingOf({ temperature, topP, topK, repetitionPenalty, seed }: Sampling): object {
  const penalties = repetitionPenalty === 1 ? [] : ["penalties"];
  const penalty = repetitionPenalty === 1 ? {} : { repeat_penalty: repetitionPenalty };
  if (temperature === 0) {
    return { ...penalty, temperature: 0, top_k: 1, samplers: [...penalties, "top_k"] };
  }
  return {
    ...penalty,
    temperature,
    top_k: topK,
    top_p: topP,
    min_p: 0,
    samplers: [...penalties, "top_k", "top_p", "temperature"],
    ...(seed === undefined ? {} : { seed }),
  };
}
