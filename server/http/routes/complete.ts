import {
  completeAnswerSchema,
  completeBodySchema,
  type CompleteAnswer,
  type CompleteBody,
} from "../../protocol/api.ts";
import type { Clock } from "../../engine/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Usage } from "../../protocol/host.ts";
import { languageOf } from "../../text/languageOf.ts";
import { createLineIndex } from "../../text/positions.ts";
import { generateText } from "../generateText.ts";
import type { RawPrompts } from "../rawPrompt.ts";
import { samplingFor } from "../sampling.ts";
import type { RouteParts } from "../types.ts";
import { doWork, modelFor, tokensOf, type Work } from "../work.ts";
import { modelName } from "./info.ts";
import { addPost, type ApiApp } from "./route.ts";

const usualTokens = 256;
const costKnownMs = 100;

/** `POST /complete`. */
export function addCompleteRoute(app: ApiApp, parts: RouteParts, prompts: RawPrompts): void {
  const { limits, clock } = parts;
  addPost(
    app,
    {
      path: "/complete",
      summary: "The text at a place in a file, or after a prompt.",
      body: completeBodySchema,
      answer: completeAnswerSchema,
    },
    (context, body) => {
      const place = placeIn(body);
      return doWork(context, parts, limits.requestMs, async (work) => {
        const started = clock.now();
        const answer =
          place === undefined
            ? await afterPrompt(parts, prompts, body, work)
            : await atPlace(parts, body, place, work);
        const durationMs = Math.round(clock.now() - started);
        return context.json({ requestId: work.requestId, ...answer, durationMs });
      });
    },
  );
}

type Answer = Omit<CompleteAnswer, "requestId" | "durationMs">;

/** The text and the offset of a body, or undefined where it holds a prompt. */
function placeIn(
  body: CompleteBody,
): { readonly text: string; readonly offset: number } | undefined {
  const { text, offset, line, character, prompt, suffix } = body;
  if ((text === undefined) === (prompt === undefined)) throw invalid("text, prompt: give one");
  if (text === undefined) {
    if (offset !== undefined || line !== undefined || character !== undefined) {
      throw invalid("offset, line, character: they go with text");
    }
    if (prompt === "" && (suffix ?? "") === "") throw invalid("prompt: it is empty");
    return undefined;
  }
  if (suffix !== undefined) throw invalid("suffix: it goes with prompt");
  if (offset !== undefined) {
    if (line !== undefined || character !== undefined) throw invalid("offset, line: give one");
    if (offset > text.length) throw new CodedError("POSITION_INVALID", `offset ${String(offset)}.`);
    return { text, offset };
  }
  if (line === undefined || character === undefined) {
    throw invalid("offset, or line and character: they are missing");
  }
  const at = offsetAt(text, line, character);
  if (at === undefined) {
    throw new CodedError(
      "POSITION_INVALID",
      `line ${String(line)}, character ${String(character)}.`,
    );
  }
  return { text, offset: at };
}

function offsetAt(text: string, line: number, character: number): number | undefined {
  const index = createLineIndex(text);
  if (line >= index.lineCount) return undefined;
  const offset = index.offsetAt({ line, character });
  const reached = index.positionAt(offset);
  return reached.line === line && reached.character === character ? offset : undefined;
}

async function atPlace(
  parts: RouteParts,
  body: CompleteBody,
  { text, offset }: { readonly text: string; readonly offset: number },
  work: Work,
): Promise<Answer> {
  const { completer, syntax } = parts.product;
  const path = body.path ?? "untitled";
  const languageId = body.language ?? languageOf(path);
  await syntax.load(languageId);
  const { model } = await modelFor(work, parts);
  const { requestId, uri } = work;
  let stopListening = (): void => undefined;
  const document = { uri, path, languageId, version: 1, text };
  // A finished text is there a moment before its cost is known.
  const told = new Promise<Usage | undefined>((resolve) => {
    stopListening = completer.onCompleted((completed) => {
      if (completed.request.document.uri === uri) resolve(completed.usage);
    });
  });
  try {
    const result = await completer.complete(
      { document, offset, trigger: "invoked", requestId },
      work.signal,
    );
    const facts = { model: modelName(model), tokensUsed: 0 };
    if (result.kind === "failed") throw result.error;
    if (result.kind === "none" && result.reason === "cancelled") throw work.cancelled();
    if (result.kind === "none") return { text: "", reason: result.reason, ...facts };
    const { suggestion } = result;
    const usage = result.usage ?? (await within(parts.clock, costKnownMs, told));
    const { start, end, probability } = suggestion;
    work.spent(usage);
    return {
      ...facts,
      ...{ text: suggestion.text, start, end, probability },
      ...(usage === undefined ? {} : { usage, tokensUsed: tokensOf(usage) }),
    };
  } finally {
    stopListening();
    completer.close(uri);
  }
}

async function afterPrompt(
  parts: RouteParts,
  prompts: RawPrompts,
  body: CompleteBody,
  work: Work,
): Promise<Answer> {
  const { prompt = "", suffix, max_tokens: maxTokens = usualTokens, stop } = body;
  const path = body.path ?? "untitled";
  const languageId = body.language ?? languageOf(path);
  const state = await modelFor(work, parts);
  const gap = { before: prompt, after: suffix ?? "", path, languageId, extra: [], maxTokens };
  const { text, finish, usage } = await generateText(
    parts.product.engine,
    {
      prompt: () =>
        suffix === undefined ? prompts.plain(state, prompt) : prompts.fill(state, gap),
      maxTokens,
      sampling: samplingFor(parts.product.settings, {
        temperature: body.temperature,
        topP: body.top_p,
        seed: body.seed,
      }),
      stopStrings: stop === undefined ? [] : [stop].flat(),
    },
    work,
  );
  return {
    ...{ text, finish, model: modelName(state.model) },
    tokensUsed: usage === undefined ? 0 : tokensOf(usage),
    ...(usage === undefined ? {} : { usage }),
  };
}

function invalid(detail: string): CodedError {
  return new CodedError("VALIDATION_ERROR", `${detail}.`);
}

/** What a promise settles with, or undefined when the time is over. */
function within<Value>(
  clock: Clock,
  ms: number,
  promise: Promise<Value | undefined>,
): Promise<Value | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(undefined));
    void promise.then((value) => {
      cancel();
      resolve(value);
    });
  });
}
