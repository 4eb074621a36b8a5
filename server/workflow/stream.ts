import type { EngineOutcome } from "../engine/engine.ts";
import type { Sampling, TokenNotification, Usage } from "../protocol/host.ts";
import { endlessFrom } from "./generate/endless.ts";
import type { Budget } from "./budget.ts";
import type { CodedError } from "../protocol/errors.ts";
import type { Try } from "./run.ts";

type OnToken = (token: Omit<TokenNotification, "id">) => void;

export type Streamed =
  | {
      readonly kind: "done";
      readonly text: string;
      /** Why it is not whole, as the end of a sentence. */
      readonly cut?: string;
      readonly meanLogProbability?: number;
    }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** How a try is sampled. */
export function samplingOf({ temperature, seed }: Try): Sampling {
  const isGreedy = temperature === 0;
  return {
    temperature,
    topP: isGreedy ? 1 : 0.95,
    topK: isGreedy ? 0 : 40,
    repetitionPenalty: 1,
    ...(isGreedy ? {} : { seed }),
  };
}

/**
 * Runs one generation, and ends it as soon as its text is complete or repeats itself without end.
 * What it cost is charged to the budget: what the engine does not tell is estimated.
 * @param promptTokens of the prompt, for the estimate
 * @param endOf where a text is complete; undefined while it goes on; asked at each line break
 */
export async function streamText(
  budget: Budget,
  promptTokens: number,
  endOf: (text: string) => number | undefined,
  start: (
    onToken: OnToken,
    signal: AbortSignal,
  ) => Promise<
    EngineOutcome<{ readonly finish: string; readonly usage: Usage; readonly text?: string }>
  >,
): Promise<Streamed> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  budget.signal.addEventListener("abort", abort, { once: true });
  if (budget.signal.aborted) abort();
  const tokens: { readonly start: number; readonly logProbability: number }[] = [];
  let text = "";
  const found: { end?: number; isEndless?: boolean } = {};
  const look = (): void => {
    const end = endOf(text) ?? endlessFrom(text);
    if (end === undefined) return;
    found.end = end;
    found.isEndless = endOf(text) === undefined;
    own.abort();
  };
  let lookedAt = 0;
  const outcome = await start((token) => {
    if (found.end !== undefined) return;
    if (token.text !== "") tokens.push({ start: text.length, ...token });
    text += token.text;
    // A line without an end is looked at now and then.
    if (!token.text.includes("\n") && text.length - lookedAt < 400) return;
    lookedAt = text.length;
    look();
  }, own.signal);
  budget.signal.removeEventListener("abort", abort);
  const usage = outcome.kind === "done" ? outcome.value.usage : undefined;
  const told = usage ?? (outcome.kind === "cancelled" ? outcome.usage : undefined);
  const isStarted = told !== undefined || text !== "";
  budget.spend(told ?? (isStarted ? promptTokens + tokens.length : 0));
  if (outcome.kind === "failed") return outcome;
  if (found.end === undefined) {
    if (outcome.kind === "cancelled") return { kind: "cancelled" };
    // Engines that do not stream tell it all at once.
    if (text === "") text = outcome.value.text ?? "";
    look();
  }
  const { end, isEndless = false } = found;
  const isCut = end === undefined && outcome.kind === "done" && outcome.value.finish === "length";
  const kept = end === undefined ? text : text.slice(0, end);
  const counted = tokens.filter((token) => token.start < kept.length);
  const sum = counted.reduce((total, { logProbability }) => total + logProbability, 0);
  const cut = isEndless
    ? "it repeated itself without end"
    : isCut
      ? `it was cut off after ${tokens.length} tokens`
      : undefined;
  return {
    kind: "done",
    text: kept,
    ...(cut === undefined ? {} : { cut }),
    ...(counted.length === 0 ? {} : { meanLogProbability: sum / counted.length }),
  };
}
