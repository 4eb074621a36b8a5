import type { Span } from "../../syntax/reading.ts";
import { lineEnd, lineStart } from "../../text/lines.ts";
import { overlaps } from "./codeView.ts";
import type { Weighed } from "./likelihood.ts";

/** A weighed proposal and how likely it is right. */
export interface Judged {
  readonly weighed: Weighed;
  readonly confidence: number;
}

/**
 * One for a place, the likeliest: alternatives of one site compete, and so do places on one line, where
 * the same oddity often shows at several.
 */
export function choose(judged: readonly Judged[], text: string): Judged[] {
  const chosen: { readonly judged: Judged; readonly line: Span }[] = [];
  for (const one of [...judged].sort((a, b) => b.confidence - a.confidence)) {
    const { start, end } = one.weighed.proposal;
    const line = { start: lineStart(text, start), end: Math.max(end, lineEnd(text, start)) };
    if (chosen.some((other) => overlaps(other.line, line))) continue;
    chosen.push({ judged: one, line });
  }
  return chosen
    .map((one) => one.judged)
    .sort((a, b) => a.weighed.proposal.start - b.weighed.proposal.start);
}
