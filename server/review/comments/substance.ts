import type { Finding } from "../types.ts";

/** What a remark on a mistake says, in some form; a description of the code has none of it. */
const critical =
  /\b(should|must|may|might|could|cannot|can't|instead|missing|misses|lacks?|never|wrong|incorrect(ly)?|mistake|bug|but|not|n't|no|unless|fails?|failure|errors?|throws?|crash(es)?|leaks?|lost|loses|overflow|infinite|unused|unreachable|duplicate|off[- ]by[- ]one|avoid|consider|without|outside|beyond|too|unhandled|undefined|null|none|nan|race|deadlock|inject\w*|unsafe|vulnerab\w*|slow|inefficient|unnecessary|redundant|typo|swapped|reversed|inverted|twice|ignore[sd]?)\b/i;

/** A remark needs so many words beside those of the code it is about. */
const fewestOwnWords = 3;

/**
 * Whether a message only says again what the code says: few words of its own, or a description
 * without a word of criticism.
 */
export function onlyRestates(message: string, code: string): boolean {
  const inCode = new Set(wordsOf(code));
  const own = wordsOf(message).filter((word) => !inCode.has(word));
  return own.length < fewestOwnWords || !critical.test(message);
}

/**
 * Leaves out comments on places that findings by likelihood cover already: those are measured, and
 * one place needs one remark. A finding that is kept back covers only what is less sure than it.
 */
export function withoutCovered(
  findings: readonly Finding[],
  covering: readonly Pick<Finding, "start" | "end" | "origin" | "confidence" | "shown">[],
): Finding[] {
  return findings.filter(
    (finding) =>
      finding.origin !== "comment" ||
      !covering.some(
        ({ origin, start, end, confidence, shown }) =>
          origin === "likelihood" &&
          (shown || confidence >= finding.confidence) &&
          start <= finding.end &&
          finding.start <= end,
      ),
  );
}

/** The most confident of those that overlap, in the text's order. */
export function withoutOverlaps(comments: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const comment of [...comments].sort((a, b) => b.confidence - a.confidence)) {
    const overlaps = kept.some(({ start, end }) => start < comment.end && comment.start < end);
    if (!overlaps) kept.push(comment);
  }
  return kept.sort((a, b) => a.start - b.start);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
}
