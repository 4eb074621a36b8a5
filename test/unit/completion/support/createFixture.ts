import { createCompleter } from "../../../../server/completion/complete.ts";
import type {
  CompleterDependencies,
  Judgement,
} from "../../../../server/completion/dependencies.ts";
import type {
  CompletionDocument,
  CompletionRequest,
  CompletionResult,
  CompletionSettings,
  Completer,
  SyntaxService,
} from "../../../../server/completion/types.ts";
import type { ModelDescription } from "../../../../server/protocol/host.ts";
import { createFakeClock, type FakeClock } from "./fakeClock.ts";
import { createFakeEngine, starCoder2, type FakeEngine } from "./fakeEngine.ts";

export const noSyntax: SyntaxService = {
  supports: () => false,
  errorCount: () => undefined,
  blockEnd: () => undefined,
  placeAt: () => undefined,
};

/** Shows what is generated up to its first line break; drops what contains `BAD`. */
export const plainJudgement: Judgement<undefined> = {
  purposeOf: () => "line",
  createStop: () => ({
    push(generated) {
      const end = generated.indexOf("\n");
      return end === -1
        ? { done: false, text: generated }
        : { done: true, text: generated.slice(0, end) };
    },
  }),
  postprocess: (text) => text,
  gate: ({ text }) => ({ text: text.includes("BAD") ? "" : text, probability: 0.9 }),
  curveFor: () => undefined,
};

export const plainSettings: CompletionSettings = {
  maxTokens: 64,
  maxLines: 10,
  temperature: 0,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
  multiline: "auto",
  showThreshold: 0.5,
  comments: "on",
  contextTokens: 0,
  speculation: "off",
  cache: true,
  deadlineMs: 600,
};

export interface Fixture {
  readonly clock: FakeClock;
  readonly engine: FakeEngine;
  readonly completer: Completer;
  readonly events: { name: string; fields: Record<string, unknown> }[];
  settings: CompletionSettings;
  /** Asks at the `|` of a text. */
  ask(
    marked: string,
    more?: Partial<CompletionRequest>,
    signal?: AbortSignal,
  ): Promise<CompletionResult>;
}

/** A completer on a fake engine and clock. */
export function createFixture(
  options: {
    model?: ModelDescription;
    settings?: Partial<CompletionSettings>;
    prefillMs?: number;
    dependencies?: Partial<CompleterDependencies<undefined>>;
  } = {},
): Fixture {
  const clock = createFakeClock();
  const { prefillMs } = options;
  const engine = createFakeEngine(
    clock,
    options.model ?? starCoder2,
    prefillMs === undefined ? {} : { prefillMs },
  );
  const events: Fixture["events"] = [];
  const completer = createCompleter({
    engine,
    clock,
    syntax: noSyntax,
    contextSources: [],
    settings: () => fixture.settings,
    log: { event: (name, fields) => events.push({ name, fields }) },
    judgement: plainJudgement,
    ...options.dependencies,
  });
  const fixture: Fixture = {
    clock,
    engine,
    completer,
    events,
    settings: { ...plainSettings, ...options.settings },
    ask(marked, more = {}, signal = new AbortController().signal) {
      const offset = marked.indexOf("|");
      const document = documentOf(marked.replace("|", ""));
      return completer.complete(
        { document, offset, trigger: "automatic", requestId: "1", ...more },
        signal,
      );
    },
  };
  return fixture;
}

/** A TypeScript document. */
export function documentOf(text: string, uri = "file:///a.ts"): CompletionDocument {
  return { uri, path: "a.ts", languageId: "typescript", version: 1, text };
}

/** The text of a result's suggestion, or why there is none. */
export function told(result: CompletionResult): string {
  if (result.kind === "suggestion") return `${result.suggestion.source}: ${result.suggestion.text}`;
  return result.kind === "none" ? `none: ${result.reason}` : `failed: ${result.error.code}`;
}
