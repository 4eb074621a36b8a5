import type { CodedError } from "../protocol/errors.ts";
import type { Priority, Usage } from "../protocol/host.ts";
import type { Family } from "./prompt/families.ts";
import type { PreparedPrompt } from "./prompt/prompter.ts";
import type { Trace } from "./explain/trace.ts";

/** Time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** A document as the completer sees it: text and offsets in UTF-16 code units. */
export interface CompletionDocument {
  readonly uri: string;
  /** Path shown to the model, relative to the workspace, with `/`. */
  readonly path: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

export interface CompletionRequest {
  readonly document: CompletionDocument;
  /** Cursor, as an offset into `document.text`; clamped to the text by the caller. */
  readonly offset: number;
  /** `automatic`: after a keystroke, gated and bound to the deadline. `invoked`: shows the best there is. */
  readonly trigger: "automatic" | "invoked";
  /** Text of the item selected in the suggestion widget, which the completion must start with, if any. */
  readonly selected?: { readonly text: string; readonly start: number; readonly end: number };
  readonly requestId: string;
  /** Told what happens on the way; absent: nobody asks, and nothing is gathered. */
  readonly trace?: Trace;
  /**
   * Made to be explained, not shown: no deadline, the answer waits for what it cost, listeners are
   * not told, nothing is computed ahead.
   */
  readonly explained?: true;
}

/** A suggestion to be inserted at the cursor (range empty) or over the rest of the line. */
export interface Suggestion {
  readonly text: string;
  /** Replaced range, offsets into the document; start = end = cursor for a plain insertion. */
  readonly start: number;
  readonly end: number;
  /** Calibrated probability that its first line is what the user wants, 0..1. */
  readonly probability: number;
  /** Where it came from: a cached answer, one still being generated, or a fresh model call. */
  readonly source: "cache" | "joined" | "model";
}

/** Why nothing was suggested; each is expected, none is an exception. */
export type NoSuggestionReason =
  | "cancelled"
  | "off"
  | "gated"
  | "empty"
  | "deadline"
  | "notReady"
  | "noFamily"
  | "excluded"
  | "tooLarge"
  | "inComment";

export type CompletionResult =
  | { readonly kind: "suggestion"; readonly suggestion: Suggestion; readonly usage?: Usage }
  | { readonly kind: "none"; readonly reason: NoSuggestionReason; readonly usage?: Usage }
  | { readonly kind: "failed"; readonly error: CodedError };

/** The completion settings the engine needs; a projection of the user's settings. */
export interface CompletionSettings {
  readonly maxTokens: number;
  readonly maxLines: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly repetitionPenalty: number;
  readonly seed?: number;
  /** `auto`: single line mid-line, block where the syntax asks for one. */
  readonly multiline: "auto" | "never" | "block";
  readonly showThreshold: number;
  readonly comments: "on" | "manual" | "off";
  /** Prompt budget in tokens; 0: from the measured speed. */
  readonly contextTokens: number;
  readonly speculation: "auto" | "on" | "off";
  /** Suggestion cache; off only for measuring. */
  readonly cache: boolean;
  /** Milliseconds after which an automatic request is answered with what there is. */
  readonly deadlineMs: number;
}

/** A piece of other files offered to the model, likeliest first. */
export interface ContextSnippet {
  readonly path: string;
  readonly text: string;
  /** 0..1, comparable across sources. */
  readonly score: number;
}

/** What the syntax room tells the completion room; injected, so completion stays pure. */
export interface SyntaxService {
  /** Whether a grammar for the language is loaded or can be (loading happens in the background). */
  supports(languageId: string): boolean;
  /** Number of error and missing nodes of the text, or undefined where there is no grammar (yet). */
  errorCount(languageId: string, text: string): number | undefined;
  /**
   * For `text` = code before the cursor window + generated text + code after: the offset at which the block
   * that encloses `from` ends, or undefined while it has not ended yet.
   */
  blockEnd(languageId: string, text: string, from: number): number | undefined;
  /** What kind of place an offset is. */
  placeAt(
    languageId: string,
    text: string,
    offset: number,
  ): "code" | "comment" | "string" | undefined;
}

/** Gathers snippets of other files for a cursor; must answer fast, from memory. */
export interface ContextSource {
  snippets(request: CompletionRequest, maxCharacters: number): readonly ContextSnippet[];
}

/** Structured logging as the pure rooms see it. */
export interface CompletionLog {
  event(
    name: string,
    fields: Readonly<Record<string, string | number | boolean | undefined>>,
  ): void;
}

/** A request that was answered, for whoever counts or explains. */
export interface CompletedRequest {
  readonly request: CompletionRequest;
  readonly result: CompletionResult;
  /** What it cost; absent where the model was not asked or does not tell. */
  readonly usage?: Usage;
  /** Milliseconds from the request to its answer. */
  readonly totalMs: number;
}

/**
 * A generation whose cost is known. Costs belong to generations, not to requests: keys that cancel,
 * join or find a text in the cache leave the cost with the key that began it.
 */
export interface Generation {
  /** Of the request that began it. */
  readonly requestId: string;
  readonly priority: Priority;
  readonly usage: Usage;
}

/** The engine of inline completion. One per language server. */
export interface Completer {
  /** Called after each generation that was not made to be explained; returns what ends it. */
  onGenerated(listener: (generation: Generation) => void): () => void;
  /** Called after each request, when its cost is known; returns what ends the subscription. */
  onCompleted(listener: (completed: CompletedRequest) => void): () => void;
  complete(request: CompletionRequest, signal: AbortSignal): Promise<CompletionResult>;
  /**
   * Calls back when an automatic request that was answered with nothing is worth asking again at the
   * same place: its deadline had passed and there is a suggestion now, or it had met a model that was
   * still starting and is ready now. Returns what ends the subscription.
   */
  onLate(listener: (request: CompletionRequest) => void): () => void;
  /**
   * The prompt that a request would be sent with now; changes nothing. Undefined while no model that
   * can fill in the middle is ready.
   */
  preview(
    request: CompletionRequest,
  ): { readonly prepared: PreparedPrompt; readonly family: Family } | undefined;
  /** A document was opened, changed or the cursor rests: warm what the next key will need. */
  rest(document: CompletionDocument, offset: number, requestId?: string): void;
  /** The document is gone: forget its windows and cache. */
  close(uri: string): void;
  dispose(): void;
}
