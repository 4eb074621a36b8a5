import { withPlainBreaks, type KnownEdit } from "./edits.ts";

/** A suggestion as it was returned to the editor. */
export interface ShownSuggestion {
  readonly uri: string;
  /** The version of the document it was made for. */
  readonly version: number;
  /** Where its text begins, which is before the cursor where it repeats what stands there. */
  readonly start: number;
  readonly cursor: number;
  readonly text: string;
  /** What it replaces, from `start` on: what stands before the cursor, and what it brings itself. */
  readonly replaced: string;
}

/** A suggestion followed through the edits after it. */
export interface Followed {
  /** Where it lies now. */
  start: number;
  /** What stands there: the part of the text that was typed or accepted, then `tail`. */
  region: string;
  /** What it would replace behind the cursor. */
  readonly tail: string;
  /** With plain line breaks, like `tail`. */
  readonly text: string;
  /** How much of its text stands in the document. */
  written: number;
}

/** How an edit bears on a suggestion. */
export type Bearing =
  /** It lies elsewhere; the suggestion was moved along. */
  | "elsewhere"
  /** What stands there now is no beginning of it any more. */
  | "apart"
  /** So many more characters of it stand there; less than 0 when some were taken away. */
  | number;

/** Undefined where the document contradicts the suggestion. */
export function follow(shown: ShownSuggestion): Followed | undefined {
  const text = withPlainBreaks(shown.text);
  const region = shown.replaced;
  const before = region.slice(0, shown.cursor - shown.start);
  const written = withPlainBreaks(before).length;
  if (!text.startsWith(withPlainBreaks(before)) || written >= text.length) return undefined;
  const tail = withPlainBreaks(region.slice(before.length));
  return { start: shown.start, region, tail, text, written };
}

/** Applies an edit to a followed suggestion. */
export function bear(followed: Followed, { start, removed, inserted }: KnownEdit): Bearing {
  const end = start + removed.length;
  const regionEnd = followed.start + followed.region.length;
  if (start < followed.start && end <= followed.start) {
    followed.start += inserted.length - removed.length;
    return "elsewhere";
  }
  if (start > regionEnd) return "elsewhere";
  if (start < followed.start || end > regionEnd) return "apart";
  const at = start - followed.start;
  const region =
    followed.region.slice(0, at) + inserted + followed.region.slice(at + removed.length);
  const written = writtenOf(followed, withPlainBreaks(region));
  if (written === undefined) return "apart";
  const more = written - followed.written;
  followed.region = region;
  followed.written = written;
  return more;
}

/** How much of the text a region holds, where it holds a beginning of it and nothing else. */
function writtenOf({ text, tail }: Followed, region: string): number | undefined {
  if (region === text) return text.length;
  if (region.endsWith(tail)) {
    const beginning = region.slice(0, region.length - tail.length);
    if (text.startsWith(beginning)) return beginning.length;
  }
  return text.startsWith(region) ? region.length : undefined;
}
