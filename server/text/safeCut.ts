const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** No grapheme that matters is longer; bounds the work on pathological text. */
const REACH = 64;

/**
 * The largest offset ≤ `offset` that splits neither a surrogate pair nor a grapheme (an emoji sequence, a
 * letter with its combining marks, `\r\n`).
 */
export function safeOffset(text: string, offset: number): number {
  if (offset <= 0) return 0;
  if (offset >= text.length) return text.length;
  const next = text.charCodeAt(offset);
  const previous = text.charCodeAt(offset - 1);
  if (previous < 128 && next < 128) return previous === 13 && next === 10 ? offset - 1 : offset;
  let from = Math.max(0, offset - REACH);
  if (isLowSurrogate(text.charCodeAt(from))) from++;
  const piece = text.slice(from, offset + REACH);
  const segment = segmenter.segment(piece).containing(offset - from);
  return segment ? from + segment.index : offset;
}

/** `text` up to `offset`, cut before the grapheme that holds it. */
export function safeCut(text: string, offset: number): string {
  return text.slice(0, safeOffset(text, offset));
}

/** `text` without halves of surrogate pairs and without the mark of an undecodable byte at its ends. */
export function withoutBrokenEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (isLowSurrogate(text.charCodeAt(start)) || isReplacement(text, start))) {
    start++;
  }
  while (
    end > start &&
    (isHighSurrogate(text.charCodeAt(end - 1)) || isReplacement(text, end - 1))
  ) {
    end--;
  }
  return text.slice(start, end);
}

function isReplacement(text: string, offset: number): boolean {
  return text.charCodeAt(offset) === 0xfffd;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
