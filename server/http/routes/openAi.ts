import {
  openAiAnswerSchema,
  openAiBodySchema,
  type OpenAiAnswer,
  type OpenAiBody,
} from "../../protocol/apiCompatible.ts";
import { CodedError } from "../../protocol/errors.ts";
import { answerOf } from "../errorStatus.ts";
import {
  generateText,
  type TextRequest,
  type WrittenText,
  type WrittenToken,
} from "../generateText.ts";
import type { RawPrompts } from "../rawPrompt.ts";
import { samplingFor } from "../sampling.ts";
import { stopStringsOf } from "../stopStrings.ts";
import type { RouteParts } from "../types.ts";
import { doWork, modelFor } from "../work.ts";
import { modelName } from "./info.ts";
import { addPost, type ApiApp } from "./route.ts";

/** What OpenAI's service takes where a request does not say. */
const usualTokens = 16;

/** `POST /v1/completions`. */
export function addOpenAiRoute(app: ApiApp, parts: RouteParts, prompts: RawPrompts): void {
  const { product, limits, now } = parts;
  addPost(
    app,
    {
      path: "/v1/completions",
      summary: "A completion as OpenAI's clients ask for it; `suffix` fills the gap before it.",
      body: openAiBodySchema,
      answer: openAiAnswerSchema,
      streams: true,
    },
    (context, body) => {
      const prompt = [body.prompt].flat()[0] ?? "";
      const suffix = body.suffix ?? "";
      if (prompt === "" && suffix === "") {
        throw new CodedError("VALIDATION_ERROR", "prompt: it is empty.");
      }
      return doWork(context, parts, limits.requestMs, async (work) => {
        const state = await modelFor(work, parts);
        const maxTokens = body.max_tokens ?? usualTokens;
        const place = { path: "untitled", languageId: "plaintext", extra: [] };
        const gap = { before: prompt, after: suffix, ...place, maxTokens };
        const request: TextRequest = {
          prompt: () => (suffix === "" ? prompts.plain(state, prompt) : prompts.fill(state, gap)),
          maxTokens,
          sampling: samplingFor(product.settings, {
            temperature: body.temperature,
            topP: body.top_p,
            seed: body.seed,
          }),
          stopStrings: stopStringsOf(body.stop),
        };
        const base = {
          id: `cmpl-${work.requestId}`,
          object: "text_completion",
          created: Math.floor(now().getTime() / 1000),
          model: modelName(state.model),
        } as const;
        if (body.stream !== true) {
          const written = await generateText(product.engine, request, work);
          const choice = choiceOf(body, written.tokens, written.finish, 0);
          return context.json({ ...base, choices: [choice], usage: usageOf(written) });
        }
        return work.stream(
          async (send) => {
            let offset = 0;
            const written = await generateText(product.engine, request, work, (token) => {
              if (token.text === "" && body.logprobs == null) return;
              const choice = choiceOf(body, [token], null, offset);
              offset += token.text.length;
              send(JSON.stringify({ ...base, choices: [choice] } satisfies OpenAiAnswer));
            });
            const last = choiceOf(body, [], written.finish, offset);
            send(JSON.stringify({ ...base, choices: [last] } satisfies OpenAiAnswer));
            if (body.stream_options?.include_usage === true) {
              send(JSON.stringify({ ...base, choices: [], usage: usageOf(written) }));
            }
            send("[DONE]");
          },
          (error) => JSON.stringify(answerOf(error, { openAi: true }).body),
        );
      });
    },
  );
}

function choiceOf(
  body: OpenAiBody,
  tokens: readonly WrittenToken[],
  finish: "stop" | "length" | null,
  offset: number,
): OpenAiAnswer["choices"][number] {
  const text = tokens.map((token) => token.text).join("");
  let at = offset;
  const offsets = tokens.map((token) => {
    const start = at;
    at += token.text.length;
    return start;
  });
  const logprobs =
    body.logprobs == null
      ? null
      : {
          tokens: tokens.map((token) => token.text),
          token_logprobs: tokens.map(({ logProbability }) => logProbability),
          top_logprobs: null,
          text_offset: offsets,
        };
  return { index: 0, text, finish_reason: finish, logprobs };
}

function usageOf({ usage, tokens }: WrittenText): OpenAiAnswer["usage"] {
  const prompt = usage === undefined ? 0 : usage.evaluatedTokens + usage.reusedTokens;
  // The last token is written without being evaluated, which the engine's own count leaves out.
  const completion = tokens.length;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}
