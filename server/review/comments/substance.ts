import type { Finding } from "../types.ts";

/** What a remark on a mistake says, in some form; a description of the code has none of it. */
const critical = new RegExp(
  `\\b(?:${[
    "should|must|may|might|could|cannot|can't|need(?:s|ed)?|instead|rather|prefer|avoid|consider",
    "missing|misses|lacks?|without|never|not|\\w+n't|no|but|unless|even|only|also|forgotten|forgets",
    "wrong|incorrect(?:ly)?|mistake|bug|typo|swapped|reversed|inverted|invalid|mismatch",
    "fails?|failure|errors?|throws?|crash(?:es)?|hang(?:s)?|leaks?|lost|loses|ignore[sd]?|swallow(?:s|ed)",
    "off[- ]by[- ]one|outside|beyond|past|exceeds?|overflow|infinite|zero|empty|undefined|null|none|nan",
    "race|deadlock|stale|shared|mutat(?:es|ed|ion)|unhandled|unchecked|unawaited|unreachable|unused",
    "inject\\w*|unsafe|insecure|vulnerab\\w*|exposes?d?|hard[- ]?coded|plain ?text|secret",
    "slow|inefficient|quadratic|unnecessary|unnecessarily|redundant|duplicate[sd]?|twice|repeated(?:ly)?",
    "potential(?:ly)?|possible|possibly|risk(?:y|s)?|danger(?:ous)?|too|confusing|misleading|deprecated",
  ].join("|")})\\b`,
  "i",
);

/** So many words of its own a remark has, beside those of the code it is about. */
const fewestOwnWords = 3;

/**
 * Whether a message only says again what the code says: no words of its own or, where there is no
 * replacement to speak for it, few of them, or a description without a word of criticism.
 */
export function onlyRestates(message: string, code: string, hasReplacement: boolean): boolean {
  const inCode = new Set(wordsOf(code));
  const own = wordsOf(message).filter((word) => !inCode.has(word));
  if (hasReplacement) return own.length === 0;
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
