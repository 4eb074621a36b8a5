import {
  infillAnswerSchema,
  infillBodySchema,
  type InfillAnswer,
  type InfillBody,
} from "../../protocol/apiCompatible.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Usage } from "../../protocol/host.ts";
import { answerOf } from "../errorStatus.ts";
import { generateText, type TextRequest, type WrittenText } from "../generateText.ts";
import type { RawPrompts } from "../rawPrompt.ts";
import { samplingFor } from "../sampling.ts";
import { stopStringsOf } from "../stopStrings.ts";
import type { RouteParts } from "../types.ts";
import { doWork, modelFor } from "../work.ts";
import { modelName } from "./info.ts";
import { addPost, type ApiApp } from "./route.ts";

/** `n_predict: -1`: as many as a suggestion could ever need. */
const endlessTokens = 2048;

/** `POST /infill`, for clients of llama-server such as llama.vscode. */
export function addInfillRoute(app: ApiApp, parts: RouteParts, prompts: RawPrompts): void {
  const { product, limits, clock } = parts;
  addPost(
    app,
    {
      path: "/infill",
      summary: "The text between a prefix and a suffix, as llama-server answers.",
      body: infillBodySchema,
      answer: infillAnswerSchema,
      streams: true,
    },
    (context, body) =>
      doWork(context, parts, limits.requestMs, async (work) => {
        const state = await modelFor(work, parts);
        const maxTokens = body.n_predict < 0 ? endlessTokens : body.n_predict;
        const gap = gapOf(body, Math.max(1, maxTokens));
        const model = modelName(state.model);
        if (maxTokens === 0) {
          const { prompt } = prompts.fill(state, gap);
          const outcome = await product.engine.warm(
            { requestId: work.requestId, prompt: [...prompt], priority: "background" },
            work.signal,
          );
          const usage = work.valueOf(outcome);
          work.spent(usage);
          return context.json(lastOf({ text: "", tokens: [], finish: "length", usage }, model, ""));
        }
        const started = clock.now();
        const request: TextRequest = {
          prompt: () => prompts.fill(state, gap),
          maxTokens,
          sampling: samplingFor(product.settings, {
            temperature: body.temperature,
            topP: body.top_p,
            topK: body.top_k,
            repetitionPenalty: body.repeat_penalty,
            seed: body.seed,
          }),
          stopStrings: stopStringsOf(body.stop),
          isEnough: (text) =>
            body.t_max_predict_ms > 0 &&
            clock.now() - started > body.t_max_predict_ms &&
            text.includes("\n"),
        };
        if (!body.stream) {
          const written = await generateText(product.engine, request, work);
          return context.json(lastOf(written, model, written.text));
        }
        return work.stream(
          async (send) => {
            const written = await generateText(product.engine, request, work, ({ text }) => {
              if (text === "") return;
              send(JSON.stringify({ index: 0, content: text, stop: false } satisfies InfillAnswer));
            });
            send(JSON.stringify(lastOf(written, model, "")));
          },
          (error) => JSON.stringify(answerOf(error).body),
        );
      }),
  );
}

function gapOf(body: InfillBody, maxTokens: number) {
  const before = body.input_prefix + body.prompt;
  const after = body.input_suffix;
  if (before === "" && after === "") {
    throw new CodedError("VALIDATION_ERROR", "input_prefix: there is no text.");
  }
  const extra = body.input_extra.map(({ filename, text }, index) => ({
    path: filename === "" ? `file${String(index + 1)}` : filename,
    text,
  }));
  return { before, after, path: "untitled", languageId: "plaintext", extra, maxTokens };
}

/** The last or only event of an answer, with what it cost. */
function lastOf(
  { text, tokens, finish, stopString, usage }: WrittenText,
  model: string,
  content: string,
): InfillAnswer {
  return {
    ...{ index: 0, content, stop: true, id_slot: 0, model },
    ...(usage === undefined
      ? {}
      : {
          // The engine's own count leaves out the last token, which is written without being evaluated.
          tokens_predicted: tokens.length,
          tokens_evaluated: usage.evaluatedTokens + usage.reusedTokens,
          tokens_cached: usage.reusedTokens,
          timings: timingsOf(usage),
        }),
    truncated: false,
    has_new_line: text.includes("\n"),
    stop_type: finish === "length" ? "limit" : stopString === undefined ? "eos" : "word",
    stopping_word: stopString ?? "",
  };
}

function timingsOf(usage: Usage): NonNullable<InfillAnswer["timings"]> {
  const { evaluatedTokens, generatedTokens, prefillMs, decodeMs, reusedTokens } = usage;
  const each = (ms: number, count: number) => (count > 0 ? ms / count : 0);
  const second = (count: number, ms: number) => (ms > 0 ? (count * 1000) / ms : 0);
  return {
    cache_n: reusedTokens,
    prompt_n: evaluatedTokens,
    prompt_ms: prefillMs,
    prompt_per_token_ms: each(prefillMs, evaluatedTokens),
    prompt_per_second: second(evaluatedTokens, prefillMs),
    predicted_n: generatedTokens,
    predicted_ms: decodeMs,
    predicted_per_token_ms: each(decodeMs, generatedTokens),
    predicted_per_second: second(generatedTokens, decodeMs),
  };
}
