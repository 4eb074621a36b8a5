import { z } from "zod";
import { CodedError } from "../../../../protocol/errors.ts";
import {
  specialTokenCandidates,
  type PromptPart,
  type Sampling,
} from "../../../../protocol/host.ts";
import { each } from "../../each.ts";
import { idOf } from "../../prompt/idOf.ts";
import { regexBeginningWith } from "../../prompt/regex.ts";
import { createSpecialText, partedAt } from "../../prompt/specialText.ts";
import type { Tokenize } from "../../prompt/tokenCache.ts";
import type { Transport } from "../../transport/transport.ts";
import { describeByName } from "../describeByName.ts";
import type { Dialect, Wanted } from "../dialect.ts";
import { findHealing } from "../findHealing.ts";
import { createTgiReader } from "./stream.ts";

/** What `/info` answers, as far as it is needed. */
export const tgiInfoSchema = z.object({
  model_id: z.string().min(1),
  max_total_tokens: z.number().int().min(1),
  max_input_tokens: z.number().int().min(1).optional(),
  /** What it was called before 2024. */
  max_input_length: z.number().int().min(1).optional(),
  version: z.string().default(""),
});
export type TgiInfo = z.infer<typeof tgiInfoSchema>;

const tokensSchema = z.array(z.object({ id: z.number().int() }));

export interface TgiOptions {
  readonly transport: Transport;
  readonly info: TgiInfo;
  readonly now: () => number;
}

/** Speaks with Hugging Face's text-generation-inference, by `/generate_stream` and `/tokenize`. */
export async function createTgiDialect(
  { transport, info, now }: TgiOptions,
  signal: AbortSignal,
): Promise<Dialect> {
  const { root } = transport.paths;
  const path = `${root}/generate_stream`;
  const tokenize: Tokenize = (texts, aborted) =>
    each(texts, async (inputs) => {
      if (inputs === "") return [];
      const body = { inputs, add_special_tokens: false };
      const ask = { path: `${root}/tokenize`, body, schema: tokensSchema };
      return (await transport.json(ask, aborted)).map(({ id }) => id);
    });
  const ids = new Map<string, number>();
  for (const [at, [id, ...more]] of (await tokenize(specialTokenCandidates, signal)).entries()) {
    const text = specialTokenCandidates[at];
    if (text !== undefined && id !== undefined && more.length === 0) ids.set(text, id);
  }
  const special = createSpecialText(tokenize);

  /** User text that spells a special token has a space put into it: TGI takes no token ids. */
  async function textOf(parts: readonly PromptPart[], aborted: AbortSignal): Promise<string> {
    const texts = parts.flatMap((part) => ("text" in part ? [part.text] : []));
    const found = await special.findIn(texts, aborted);
    const all = parts.map((part) => {
      if ("text" in part) return partedAt(part.text, found).join(" ");
      idOf(part.special, ids);
      return part.special;
    });
    const inputs = all.join("");
    if (inputs === "") throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
    return inputs;
  }

  const bodyOf = async (wanted: Wanted, healed: object, aborted: AbortSignal): Promise<object> => ({
    inputs: await textOf(wanted.prompt, aborted),
    parameters: {
      max_new_tokens: Math.max(1, wanted.maxTokens + Buffer.byteLength(wanted.heal)),
      return_full_text: false,
      details: true,
      ...(wanted.heal === "" ? {} : { top_n_tokens: 5 }),
      ...samplingOf(wanted.sampling),
      ...healed,
    },
  });

  const { healing } = await findHealing(
    {
      transport,
      path,
      bodyOf,
      now,
      healings: [(heal) => ({ grammar: { type: "regex", value: regexBeginningWith(heal) } })],
      reader: () => createTgiReader([]),
    },
    signal,
  );
  const contextSize = Math.min(
    info.max_total_tokens,
    info.max_input_tokens ?? info.max_input_length ?? info.max_total_tokens,
  );
  return {
    kind: "tgi",
    // Any other name is taken for an adapter of the model.
    modelId: "tgi",
    model: describeByName({ id: info.model_id, max_model_len: contextSize }, [...ids.keys()]),
    limits: [
      ...(healing === undefined
        ? [
            "This TGI does not let outputs begin with a given text, or takes long for it: suggestions in the middle of a word are shown only where it goes on with that word by itself.",
          ]
        : []),
      "TGI takes no token ids: source text that spells a special token is sent with a space in it.",
      "TGI does not tell how much of a prompt it had in its cache.",
      "TGI tells too little of the tokens of a prompt: review by likelihood needs the local engine or vLLM.",
    ],
    healthPath: `${root}/health`,
    tokenize: async (texts, aborted) => {
      const found = await special.findIn(texts, aborted);
      const parts = texts.map((text) => partedAt(text, found));
      const tokens = await tokenize(parts.flat(), aborted);
      let from = 0;
      return parts.map(({ length }) => tokens.slice(from, (from += length)).flat());
    },
    plan: async (wanted, aborted) => ({
      path,
      body: await bodyOf(wanted, wanted.heal === "" ? {} : (healing?.(wanted.heal) ?? {}), aborted),
      read: createTgiReader(wanted.stopTokens),
    }),
  };
}

/** TGI refuses a temperature of 0 and a `top_p` of 1. */
function samplingOf(sampling: Sampling): object {
  const { temperature, topP, topK, repetitionPenalty, seed } = sampling;
  const penalty = repetitionPenalty === 1 ? {} : { repetition_penalty: repetitionPenalty };
  if (temperature === 0) return { do_sample: false, ...penalty };
  return {
    do_sample: true,
    temperature,
    ...penalty,
    ...(topP > 0 && topP < 1 ? { top_p: topP } : {}),
    ...(topK > 0 ? { top_k: topK } : {}),
    ...(seed === undefined ? {} : { seed }),
  };
}
