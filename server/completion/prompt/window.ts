import { holdsAt } from "../../text/holdsAt.ts";
import type { Place } from "../place.ts";
import { safeOffset } from "../../text/safeCut.ts";
import type { ContextSnippet } from "../types.ts";
import type { PromptLimits } from "./budget.ts";
import type { Anchor } from "./families.ts";

/** The text of a prompt: `head + middle` ends at the cursor, `suffix` starts there. */
export interface LocatedWindow {
  readonly head: string;
  readonly middle: string;
  readonly suffix: string;
  readonly snippets: readonly ContextSnippet[];
}

/** A window that stays put while its strings still stand around the cursor. */
export interface StickyWindow {
  /** Up to the anchor; part of the prompt before the suffix. */
  readonly head: string;
  /** First characters of the window, by which its start is found again after edits above it. */
  readonly mark: string;
  readonly suffix: string;
  readonly suffixToEnd: boolean;
  readonly atDocumentStart: boolean;
  readonly snippets: readonly ContextSnippet[];
  /** Characters from the window's start to the end of `before` when last seen: a first guess only. */
  lastLength: number;
}

/** Longest part since the anchor that a window with a line anchor may hold, in characters. */
const longestMiddle = 4096;
const markLength = 160;

/**
 * Where the window stands at a place, or undefined where it does not. Decided by comparing strings,
 * so it is right after any edits: what it returns is always the text around the cursor.
 */
export function standsAt(
  window: StickyWindow,
  place: Place,
  anchor: Anchor,
  limits: PromptLimits,
): LocatedWindow | undefined {
  if (!holdsAt(place.after, window.suffix, 0)) return undefined;
  if (window.suffixToEnd && !(place.toEnd && place.after.length === window.suffix.length)) {
    return undefined;
  }
  const start = findStart(window, place);
  if (start === undefined || isStub(place, start, limits)) return undefined;
  const middle = place.before.slice(start + window.head.length);
  const length =
    place.before.length - start + window.suffix.length + snippetLength(window.snippets);
  if (length > limits.total) return undefined;
  if (anchor.kind === "lines" && isMiddleGrown(middle, anchor.mostLines)) return undefined;
  window.lastLength = place.before.length - start;
  return { head: window.head, middle, suffix: window.suffix, snippets: window.snippets };
}

/** Makes a window for a place; keeps the start and the snippets of `previous` where they still serve. */
export function openWindow(
  place: Place,
  anchor: Anchor,
  limits: PromptLimits,
  previous: readonly StickyWindow[],
  snippets: (maxCharacters: number) => readonly ContextSnippet[],
): StickyWindow {
  const suffixLength = Math.min(
    place.after.length,
    Math.max(limits.suffix, limits.suffix + limits.prefix - place.before.length),
  );
  const suffix = place.after.slice(0, endOfSuffix(place.after, suffixLength));
  const prefixLength = limits.prefix + Math.max(0, limits.suffix - suffix.length);
  const kept = keptStart(place, prefixLength, limits, suffix.length, previous);
  const chosen = kept?.snippets ?? (limits.snippets > 0 ? snippets(limits.snippets) : []);
  // What other files leave unused goes to this one.
  const spare = Math.max(0, limits.snippets - snippetLength(chosen));
  const start = kept?.start ?? startOfPrefix(place.before, prefixLength + spare);
  const window = place.before.slice(start);
  const head = anchor.kind === "windowStart" ? "" : window.slice(0, anchorAt(window, anchor.lines));
  return {
    head,
    mark: head === "" ? window.slice(0, markLength) : head,
    suffix,
    suffixToEnd: place.toEnd && suffix.length === place.after.length,
    atDocumentStart: place.fromStart && start === 0,
    snippets: chosen,
    lastLength: window.length,
  };
}

/** Whether a better window can be prepared ahead: this one is half used up, or the budget has doubled. */
export function isAging(
  located: LocatedWindow,
  place: Place,
  anchor: Anchor,
  limits: PromptLimits,
): boolean {
  if (anchor.kind === "lines" && isMiddleGrown(located.middle, anchor.mostLines / 2)) return true;
  const length = located.head.length + located.middle.length;
  if (length < place.before.length && length < limits.prefix / 2) return true;
  const room = limits.total - length - located.suffix.length - snippetLength(located.snippets);
  return length < place.before.length && room < (limits.total - limits.prefix - limits.suffix) / 4;
}

function findStart(window: StickyWindow, place: Place): number | undefined {
  const { before } = place;
  // A window at the document's start without a head is any text from there on.
  if (window.head === "" && window.atDocumentStart) return place.fromStart ? 0 : undefined;
  if (window.mark === "") return undefined;
  const guess = Math.max(0, before.length - window.lastLength);
  if (before.startsWith(window.mark, guess)) return guess;
  const [up, down] = [before.lastIndexOf(window.mark, guess), before.indexOf(window.mark, guess)];
  if (up === -1 || down === -1) return Math.max(up, down) === -1 ? undefined : Math.max(up, down);
  return guess - up <= down - guess ? up : down;
}

/** So much of the window was deleted that the model sees too little above the cursor. */
function isStub(place: Place, start: number, limits: PromptLimits): boolean {
  return start > 0 && place.before.length - start < limits.prefix * 0.4;
}

function keptStart(
  place: Place,
  prefixLength: number,
  limits: PromptLimits,
  suffixLength: number,
  previous: readonly StickyWindow[],
): { start: number; snippets: readonly ContextSnippet[] } | undefined {
  for (const window of previous) {
    const start = findStart(window, place);
    if (start === undefined) continue;
    const length = place.before.length - start;
    const all = length + suffixLength + snippetLength(window.snippets);
    const full = start === 0 && place.fromStart;
    // Typing room must be left, and the window must not be much smaller than it could be.
    const room = Math.min(limits.total, prefixLength + suffixLength + limits.snippets);
    if (all > (limits.total + room) / 2) continue;
    if (!full && length < prefixLength * 0.6) continue;
    return { start, snippets: window.snippets };
  }
  return undefined;
}

/** At a line boundary where one is near, never inside a character. */
function startOfPrefix(before: string, length: number): number {
  const at = before.length - length;
  if (at <= 0) return 0;
  const boundary = before.indexOf("\n", at) + 1;
  return boundary > 0 && boundary - at <= length / 4 ? boundary : safeOffset(before, at);
}

function endOfSuffix(after: string, length: number): number {
  if (length >= after.length) return after.length;
  const boundary = after.lastIndexOf("\n", length - 1) + 1;
  return boundary >= length * 0.75 ? boundary : safeOffset(after, length);
}

/** The offset in the window of the line start `lines` above its last line. */
function anchorAt(window: string, lines: number): number {
  let at = window.length;
  for (let line = 0; line <= lines && at > 0; line++) at = window.lastIndexOf("\n", at - 1);
  const boundary = at + 1;
  const nearest = window.length - longestMiddle / 2;
  return boundary >= nearest ? Math.max(0, boundary) : safeOffset(window, nearest);
}

function isMiddleGrown(middle: string, mostLines: number): boolean {
  if (middle.length > longestMiddle) return true;
  let lines = 0;
  for (let at = middle.indexOf("\n"); at !== -1; at = middle.indexOf("\n", at + 1)) lines++;
  return lines > mostLines;
}

function snippetLength(snippets: readonly ContextSnippet[]): number {
  return snippets.reduce((sum, snippet) => sum + snippet.text.length + snippet.path.length + 2, 0);
}
