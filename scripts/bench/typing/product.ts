import { createCompleter } from "../../../server/completion/complete.ts";
import type { Judgement } from "../../../server/completion/dependencies.ts";
import type { CompletionSettings, SyntaxService } from "../../../server/completion/types.ts";
import { systemClock } from "../../../server/engine/clock.ts";
import type { Engine } from "../../../server/engine/engine.ts";
import type { Keystroke } from "./replay.ts";

/** What one key cost. */
export interface KeyCost {
  readonly ms: number;
  readonly evaluatedTokens: number;
  readonly generatedTokens: number;
  readonly promptTokens: number;
}

/** Answers a key with 16 greedy tokens and tells what that cost. */
export type Typist = (key: Keystroke) => Promise<KeyCost>;

/** Every side generates as many tokens: only prompts and caches differ. */
export const usualTokensPerKey = 16;

/** Suggestion cache off, a budget that holds the file, greedy. */
const benchSettings: Omit<CompletionSettings, "maxTokens"> = {
  maxLines: 100,
  temperature: 0,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
  multiline: "never",
  showThreshold: 0,
  comments: "on",
  contextTokens: 2048,
  speculation: "off",
  cache: false,
  deadlineMs: 600,
};

const syntax: SyntaxService = {
  supports: () => false,
  errorCount: () => undefined,
  blockEnd: () => undefined,
  placeAt: () => undefined,
};

/** Stops and hides nothing, so that all sixteen tokens are generated. */
const everything: Judgement<undefined> = {
  purposeOf: () => "line",
  createStop: () => ({ push: (text) => ({ done: false, text }) }),
  postprocess: (text) => text,
  gate: ({ text }) => ({ text, probability: 1 }),
  curveFor: () => undefined,
};

export function settingsFor(tokensPerKey: number): CompletionSettings {
  return { ...benchSettings, maxTokens: tokensPerKey };
}

/** The product's completer as it is, suggestion cache off. */
export function createProductTypist(engine: Engine, tokensPerKey: number): Typist {
  const settings = settingsFor(tokensPerKey);
  const completer = createCompleter({
    engine,
    clock: systemClock,
    syntax,
    contextSources: [],
    settings: () => settings,
    log: { event: () => undefined },
    judgement: everything,
  });
  let version = 0;
  return async ({ text, offset }) => {
    const start = performance.now();
    const result = await completer.complete(
      {
        document: {
          uri: "file:///bench.ts",
          path: "bench.ts",
          languageId: "typescript",
          version: ++version,
          text,
        },
        offset,
        trigger: "invoked",
        requestId: String(version),
      },
      new AbortController().signal,
    );
    const ms = performance.now() - start;
    if (result.kind === "failed") throw result.error;
    const { usage } = result;
    return {
      ms,
      evaluatedTokens: usage?.evaluatedTokens ?? NaN,
      generatedTokens: usage?.generatedTokens ?? NaN,
      promptTokens: (usage?.evaluatedTokens ?? NaN) + (usage?.reusedTokens ?? NaN),
    };
  };
}
