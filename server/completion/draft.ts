import { holdsAt } from "../text/holdsAt.ts";
import type { CodedError } from "../protocol/errors.ts";
import type { Usage } from "../protocol/host.ts";
import type { ShownToken } from "./dependencies.ts";
import type { Purpose } from "./stop/purpose.ts";
import type { Stop, StopRule } from "./stop/stopContext.ts";
import type { Place } from "./place.ts";
import type { LocatedWindow } from "./prompt/window.ts";

/** How a draft relates to a place. */
export type Relation =
  /** The place follows the draft after `consumed` of its characters were typed. */
  | { readonly kind: "follows"; readonly consumed: number }
  /** More was typed than is generated yet, and so far they agree. */
  | { readonly kind: "ahead" }
  /** The draft was begun ahead of the place, and nothing has departed from the way there. */
  | { readonly kind: "behind" }
  | { readonly kind: "departs" };

/** What ended a draft: a rule of ours, or the model and its limit of tokens. */
export type DraftEnd = StopRule | "stop" | "length";

/** What a model wrote, or is writing, for one place. */
export interface Draft {
  readonly uri: string;
  readonly purpose: Purpose;
  readonly text: string;
  readonly tokens: readonly ShownToken[];
  /** Nothing more will come: complete, abandoned or failed. */
  readonly settled: boolean;
  /** Given up before it was complete. */
  readonly abandoned: boolean;
  readonly error: CodedError | undefined;
  readonly usage: Usage | undefined;
  /** Undefined while it is being written, and for one that failed or was given up. */
  readonly ended: DraftEnd | undefined;
  /** Compares strings only, so it is right after any edits. */
  relate(place: Place): Relation;
  /** Calls back on each token and when it settles; returns what ends it. */
  onProgress(listener: () => void): () => void;
}

/** A draft under way. */
export interface WritableDraft extends Draft {
  push(token: ShownToken): void;
  charge(usage: Usage): void;
  settle(error?: CodedError): void;
  /** The engine has no more to write. */
  finish(ended: DraftEnd): void;
  abandon(): void;
}

/** So far ahead of a running draft may typed text be and still wait for it. */
const farthestAhead = 32;

/** Creates the draft of a prompt. */
export function createDraft(options: {
  readonly place: Place;
  readonly located: LocatedWindow;
  readonly purpose: Purpose;
  readonly stop: Stop;
  /** So many characters before the draft were not typed yet, but suggested; default 0. */
  readonly lead?: number;
  /** The text is complete for its purpose: nothing more is wanted from the engine. */
  readonly onComplete: () => void;
}): WritableDraft {
  const { place, located, purpose, stop, lead = 0 } = options;
  const seen = located.head + located.middle;
  const seenFromStart = place.fromStart && seen.length === place.before.length;
  const suffixToEnd = place.toEnd && located.suffix.length === place.after.length;
  // What is typed through has the document's line breaks, whatever the model wrote.
  const crlf = place.before.includes("\r\n") || place.after.includes("\r\n");
  const listeners = new Set<() => void>();
  const tokens: ShownToken[] = [];
  let raw = "";
  let text = "";
  let settled = false;
  let abandoned = false;
  let error: CodedError | undefined;
  let usage: Usage | undefined;
  let ended: DraftEnd | undefined;

  function notify(): void {
    for (const listener of [...listeners]) listener();
  }

  function settle(failure?: CodedError): void {
    if (settled) return;
    settled = true;
    error = failure;
    notify();
    listeners.clear();
  }

  return {
    uri: place.uri,
    purpose,
    tokens,
    get text() {
      return text;
    },
    get settled() {
      return settled;
    },
    get abandoned() {
      return abandoned;
    },
    get error() {
      return error;
    },
    get usage() {
      return usage;
    },
    get ended() {
      return ended;
    },
    relate(other) {
      const { before, after } = other;
      if (other.uri !== place.uri || !holdsAt(after, located.suffix, 0)) return { kind: "departs" };
      if (suffixToEnd && !(other.toEnd && after.length === located.suffix.length)) {
        return { kind: "departs" };
      }
      const most = settled ? text.length : text.length + farthestAhead;
      for (let consumed = 0; consumed <= most; consumed++) {
        const from = before.length - consumed - seen.length;
        if (from < 0) break;
        if (seenFromStart && !(from === 0 && other.fromStart)) continue;
        if (!holdsAt(before, seen, from)) continue;
        const typed = before.slice(before.length - consumed);
        if (consumed <= text.length && text.startsWith(typed)) return { kind: "follows", consumed };
        if (consumed > text.length && typed.startsWith(text)) return { kind: "ahead" };
      }
      for (let missing = 1; missing <= lead; missing++) {
        if (before.endsWith(seen.slice(0, -missing))) return { kind: "behind" };
      }
      return { kind: "departs" };
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    push(token) {
      if (settled) return;
      tokens.push(token);
      raw += token.text;
      const verdict = stop.push(raw);
      text = crlf ? verdict.text.replace(/\r?\n/g, "\r\n") : verdict.text;
      if (verdict.done) {
        ended = stop.rule;
        settle();
        options.onComplete();
      } else notify();
    },
    charge(cost) {
      usage = cost;
    },
    settle,
    finish(how) {
      if (!settled) ended = how;
      settle();
    },
    abandon() {
      if (!settled) abandoned = true;
      settle();
    },
  };
}

/** The tokens of a draft from character `from` of its text on; the first is cut to fit. */
export function tokensOf(draft: Draft, from: number): ShownToken[] {
  const found: ShownToken[] = [];
  let at = 0;
  for (const token of draft.tokens) {
    const text = token.text.slice(Math.max(0, from - at));
    if (text !== "") found.push({ text, logProbability: token.logProbability });
    at += token.text.length;
  }
  return found;
}
