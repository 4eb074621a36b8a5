import type { WeighRequest } from "../engine/engine.ts";
import type { LocalEngine } from "../engine/local/localEngine.ts";
import { CodedError } from "../protocol/errors.ts";
import type { PromptsRecord } from "../protocol/explain.ts";
import { noUsage, type AskParams } from "../protocol/host.ts";
import type { ReviewRequest } from "../review/types.ts";
import { withLineFeeds } from "../text/lines.ts";
import { composeReviewer } from "./composeReviewer.ts";
import { nothingKept } from "./nothingKept.ts";

type Prompt = PromptsRecord["prompts"][number];

/**
 * The prompts of a review, in the order in which they are sent.
 * @throws CodedError where the document cannot be reviewed or no model is ready.
 */
export type ReviewPrompts = (request: ReviewRequest, signal: AbortSignal) => Promise<Prompt[]>;

/** What the reviewer sends to the engine, in order. */
type Sent =
  | { readonly kind: "weigh"; readonly request: WeighRequest }
  | { readonly kind: "ask"; readonly request: AskParams };

/** Runs the very reviewer on an engine that only takes down what it is sent. */
export async function readReviewPrompts(
  parts: Parameters<typeof composeReviewer>[0],
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<Prompt[]> {
  const { engine } = parts;
  const sent: Sent[] = [];
  const reviewer = composeReviewer({
    ...parts,
    engine: recording(engine, sent),
    stores: nothingKept,
  });
  const outcome = await reviewer.review(request, () => undefined, signal);
  reviewer.dispose();
  if (outcome.kind === "done" && sent.length === 0) {
    const { scoreError, skipped } = outcome.result;
    if (scoreError !== undefined && engine.state.kind !== "ready") {
      throw CodedError.fromData(scoreError);
    }
    if (skipped !== undefined && skipped.reason !== "unchanged") {
      throw new CodedError("DOCUMENT_UNSUPPORTED", skipped.detail);
    }
  }
  const prompts: Prompt[] = [];
  for (const one of sent) {
    prompts.push(
      one.kind === "weigh"
        ? await weighed(engine, request.document, one.request)
        : await asked(engine, request.document.path, one.request),
    );
  }
  return prompts;
}

function recording(engine: LocalEngine, sent: Sent[]): LocalEngine {
  const { state } = engine;
  return {
    ...engine,
    state,
    weigh(request) {
      sent.push({ kind: "weigh", request });
      const alternatives = request.alternatives.map(() => ({}));
      return Promise.resolve({ kind: "done", value: { tokens: [], alternatives, usage: noUsage } });
    },
    ask(request) {
      sent.push({ kind: "ask", request });
      const text = '{"comments":[]}';
      return Promise.resolve({ kind: "done", value: { text, finish: "stop", usage: noUsage } });
    },
    decide: () => Promise.resolve({ kind: "failed", error: new CodedError("PARSING_ERROR") }),
  };
}

async function weighed(
  engine: LocalEngine,
  document: ReviewRequest["document"],
  { prefix, text, from }: WeighRequest,
): Promise<Prompt> {
  const all = [...prefix, { text }];
  const counts = await tokensOf(
    engine,
    all.flatMap((part) => ("text" in part ? [part.text] : [])),
  );
  let next = 0;
  const parts = all.map((part, index): Prompt["parts"][number] => {
    const role = index === all.length - 1 ? "code" : "path";
    return "text" in part
      ? { kind: "text", role, text: part.text, tokens: counts[next++] ?? 0 }
      : { kind: "special", role: `marker of ${role}`, text: part.special, tokens: 1 };
  });
  return promptOf(`${document.path}${linesOf(document.text, text.slice(from))}`, parts);
}

/** The messages of a question; the model's own template puts its marks around them. */
async function asked(engine: LocalEngine, path: string, { messages }: AskParams): Promise<Prompt> {
  const counts = await tokensOf(
    engine,
    messages.map(({ text }) => text),
  );
  const parts = messages.map(({ role, text }, index): Prompt["parts"][number] => {
    return { kind: "text", role, text, tokens: counts[index] ?? 0 };
  });
  return promptOf(`${path}: comments, before the model's chat template`, parts);
}

function promptOf(title: string, parts: Prompt["parts"]): Prompt {
  const totalTokens = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return { purpose: "review", title, parts, heal: "", totalTokens };
}

/** `:3-9`: where a piece stands in its document, counted from 1. */
function linesOf(text: string, piece: string): string {
  const all = withLineFeeds(text);
  const at = all.indexOf(piece);
  if (at === -1) return "";
  const first = all.slice(0, at).split("\n").length;
  return `:${first}-${first + piece.trimEnd().split("\n").length - 1}`;
}

async function tokensOf(engine: LocalEngine, texts: string[]): Promise<number[]> {
  const counted = await engine.tokenize(texts);
  if (counted.kind === "failed") throw counted.error;
  return counted.kind === "done" ? counted.value.map((tokens) => tokens.length) : [];
}
