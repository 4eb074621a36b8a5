import { safeOffset } from "../text/safeCut.ts";
import { closingAfter } from "./closing.ts";
import type { CompletionDocument } from "./types.ts";

/** How far the completer ever looks, in UTF-16 code units: nothing is scanned or tokenised beyond. */
export const farthestBefore = 49_152;
export const farthestAfter = 16_384;

/** A cursor and the bounded text around it; everything downstream works on this, never on the document. */
export interface Place {
  readonly uri: string;
  readonly path: string;
  readonly languageId: string;
  readonly before: string;
  /** Closing characters alone between the cursor and the end of its line; not part of `after`. */
  readonly closing: string;
  readonly after: string;
  /** Whether `before` reaches the start, `after` the end of the document. */
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

/** The place of `offset` in a document. An offset inside a surrogate pair or a CRLF moves before it. */
export function placeOf(document: CompletionDocument, offset: number): Place {
  const { text } = document;
  const cursor = safeOffset(text, Math.max(0, Math.min(offset, text.length)));
  const from = safeOffset(text, Math.max(0, cursor - farthestBefore));
  const to = safeOffset(text, Math.min(text.length, cursor + farthestAfter));
  const after = text.slice(cursor, to);
  const closing = closingAfter(after);
  return {
    uri: document.uri,
    path: document.path,
    languageId: document.languageId,
    before: text.slice(from, cursor),
    closing,
    after: after.slice(closing.length),
    fromStart: from === 0,
    toEnd: to === text.length,
  };
}

/** The place reached by inserting `text` at the cursor. */
export function advance(place: Place, text: string): Place {
  const before = place.before + text;
  const from = safeOffset(before, Math.max(0, before.length - farthestBefore));
  return {
    ...place,
    before: from === 0 ? before : before.slice(from),
    fromStart: place.fromStart && from === 0,
  };
}
