import type { RuleId } from "../../../protocol/review.ts";
import type { Span } from "../../../syntax/reading.ts";
import type { CodeView } from "../codeView.ts";
import type { Facts, Proposal } from "../proposal.ts";

/** Proposes to write something else in place of a span. */
export function replaceToken(
  code: CodeView,
  rule: RuleId,
  span: Span,
  text: string,
  more: { readonly prior?: number; readonly facts?: Facts } = {},
): Proposal {
  return {
    rule,
    start: span.start,
    end: span.end,
    site: span.start,
    changes: [{ start: span.start, end: span.end, text }],
    prior: more.prior ?? 0,
    written: code.textOf(span),
    alternative: text,
    facts: more.facts ?? {},
  };
}

/** The usual sentence where the code itself offers no better reason. */
export function unlikelyHere({ written, alternative }: Proposal): string {
  return `\`${written}\` is unlikely here: did you mean \`${alternative}\`?`;
}

/** Code in one line, at most some forty characters, for messages. */
export function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
