/** Where a text is looked for; line breaks of all are line feeds. */
export interface Sought {
  /** What stands at the place now. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** Where it was last. */
  readonly offset: number;
}

/**
 * The offset of a text in its document, which may have been edited around it; undefined where it is
 * not there as it was, or in several places of which none is the one it was at.
 */
export function findPlace(document: string, sought: Sought): number | undefined {
  const { text, before, after, offset } = sought;
  const isAt = (at: number) => at >= 0 && document.startsWith(text, at);
  const isBetween = (at: number) =>
    isAt(at) &&
    document.slice(0, at).endsWith(before) &&
    document.startsWith(after, at + text.length);
  if (isBetween(offset)) return offset;
  const whole = only(document, before + text + after);
  if (whole !== undefined && before + text + after !== "") return whole + before.length;
  if (text.trim() !== "") {
    if (isAt(offset)) return offset;
    const alone = only(document, text);
    if (alone !== undefined) return alone;
  }
  return undefined;
}

/** The same where one of its neighbours was edited and the other stands as it was. */
export function findPlaceByOneSide(document: string, sought: Sought): number | undefined {
  const { text, before, after } = sought;
  if (before.trim() !== "") {
    const found = only(document, before + text);
    if (found !== undefined) return found + before.length;
  }
  return after.trim() === "" ? undefined : only(document, text + after);
}

/** Where a text stands, if it stands there alone. */
function only(document: string, text: string): number | undefined {
  const first = document.indexOf(text);
  return first >= 0 && document.indexOf(text, first + 1) < 0 ? first : undefined;
}

/** What to replace so that one text becomes the other: whole lines, no more than differ. */
export function leastChange(
  from: string,
  to: string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start += 1;
  let tail = 0;
  while (tail < most - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) {
    tail += 1;
  }
  start = start === 0 ? 0 : from.lastIndexOf("\n", start - 1) + 1;
  while (tail > 0 && from[from.length - tail] !== "\n") tail -= 1;
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}
