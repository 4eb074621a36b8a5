import { CodedError } from "../../../../protocol/errors.ts";
import type { Transport } from "../../transport/transport.ts";
import { createCompletionsReader } from "../completionsStream.ts";
import { describeByName } from "../describeByName.ts";
import type { Dialect, Wanted } from "../dialect.ts";
import { fimTrial, fimTrialPrompt, specialTokensOf } from "../fimByName.ts";
import { readText } from "../readText.ts";
import type { ServedModel } from "../servedModel.ts";
import { specialTokensFor, standIns, toTextPrompt, type Filling } from "./prompt.ts";

/** What servers refuse that know no more than the oldest of OpenAI's completions. */
const extras: readonly object[] = [
  { logprobs: 1, stream_options: { include_usage: true } },
  { stream_options: { include_usage: true } },
  { logprobs: 1 },
  {},
];

const greedy = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 } as const;

/**
 * Speaks with any server of OpenAI's `/v1/completions`. What it can do beyond that is tried: how it
 * fills in the middle, and whether it tells probabilities. There are no token ids, no healing and no
 * tokenizer.
 * @throws CodedError ENDPOINT_NOT_FOUND where it has no such path, as servers of chats alone
 */
export async function createOpenAiDialect(
  transport: Transport,
  served: ServedModel,
  signal: AbortSignal,
): Promise<Dialect> {
  const path = `${transport.paths.v1}/completions`;
  const plan = (wanted: Wanted, filling: Filling, extra: object) => ({
    path,
    body: {
      model: served.id,
      ...toTextPrompt(wanted.prompt, filling),
      max_tokens: Math.max(1, wanted.maxTokens + Buffer.byteLength(wanted.heal)),
      stream: true,
      ...samplingOf(wanted),
      ...(wanted.stopTokens.length === 0 || filling.kind !== "tokens"
        ? {}
        : { stop: wanted.stopTokens.slice(0, 4) }),
      ...extra,
    },
    read: createCompletionsReader(),
  });
  const attempt = (wanted: Partial<Wanted>, filling: Filling, extra: object) =>
    readText(transport, plan({ ...trial, ...wanted }, filling, extra), signal);
  const extra = await firstAccepted(extras, (each) => attempt({}, { kind: "none" }, each));

  /** Whether it writes what only the text after the cursor can have told it. */
  async function fills(filling: Filling, wanted: Partial<Wanted>): Promise<boolean> {
    try {
      const text = await attempt({ maxTokens: 8, ...wanted }, filling, extra);
      return text.trimStart().startsWith(fimTrial.expected);
    } catch (thrown) {
      if (thrown instanceof CodedError && isRefusal(thrown)) return false;
      throw thrown;
    }
  }

  const filling = await findFilling(`${served.root ?? ""} ${served.id}`, fills);
  return {
    kind: "openai",
    modelId: served.id,
    model: describeByName(served, specialTokensFor(filling)),
    limits: limitsOf(filling, "logprobs" in extra),
    healthPath: `${transport.paths.v1}/models`,
    plan: (wanted) => Promise.resolve(plan(wanted, filling, extra)),
  };
}

const trial: Wanted = {
  prompt: [{ text: "def add(a, b):\n    return" }],
  heal: "",
  maxTokens: 2,
  sampling: greedy,
  stopTokens: [],
};

async function findFilling(
  name: string,
  fills: (filling: Filling, wanted: Partial<Wanted>) => Promise<boolean>,
): Promise<Filling> {
  const special = specialTokensOf(name);
  const prompt = fimTrialPrompt(special);
  const tokens = { kind: "tokens", special } as const;
  if (prompt !== undefined && (await fills(tokens, { prompt }))) return tokens;
  const suffix = { kind: "suffix" } as const;
  const asSuffix = fimTrialPrompt(Object.values(standIns)) ?? [];
  return (await fills(suffix, { prompt: asSuffix })) ? suffix : { kind: "none" };
}

/** The first of the bodies' extras that the server accepts. */
async function firstAccepted(
  all: readonly object[],
  attempt: (extra: object) => Promise<unknown>,
): Promise<object> {
  for (const extra of all.slice(0, -1)) {
    try {
      await attempt(extra);
      return extra;
    } catch (thrown) {
      if (!(thrown instanceof CodedError) || !isRefusal(thrown)) throw thrown;
    }
  }
  const last = all.at(-1) ?? {};
  await attempt(last);
  return last;
}

function isRefusal({ code }: CodedError): boolean {
  return code === "ENDPOINT_REFUSED" || code === "ENDPOINT_FAILED";
}

function samplingOf({ sampling: { temperature, topP, seed } }: Wanted): object {
  return {
    temperature,
    ...(temperature === 0 || topP === 1 || topP === 0 ? {} : { top_p: topP }),
    ...(temperature === 0 || seed === undefined ? {} : { seed }),
  };
}

function limitsOf(filling: Filling, tellsProbabilities: boolean): string[] {
  return [
    "The server does not let outputs begin with a given text: suggestions in the middle of a word are shown only where it goes on with that word by itself.",
    "It does not tell how likely the tokens of a prompt are: review by likelihood needs the local engine or vLLM.",
    ...(tellsProbabilities
      ? []
      : [
          "It tells no probabilities: each token counts as likely as nine in ten, so that only short suggestions are shown unasked.",
        ]),
    ...(filling.kind === "tokens"
      ? ["Source text that spells a special token is sent with a space in it."]
      : []),
    ...(filling.kind === "none"
      ? ["It was not seen to fill in the middle, neither with special tokens nor with `suffix`."]
      : []),
  ];
}
