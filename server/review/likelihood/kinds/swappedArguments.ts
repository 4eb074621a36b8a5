import type { Call, Span } from "../../../syntax/reading.ts";
import type { CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";

const rule = "starcoder/swapped-arguments";

/** Longer arguments are not exchanged by mistake. */
const LONGEST = 60;
const MOST_ARGUMENTS = 5;

/** The call is much likelier with two of its arguments exchanged. */
export const swappedArguments: EditKind = {
  rule,
  propose: (code) => code.reading.calls.flatMap((call) => swaps(code, call)),
  message: ({ written, alternative }) =>
    `The arguments \`${written}\` are likelier the other way round: \`${alternative}\`.`,
};

function swaps(code: CodeView, call: Call): Proposal[] {
  const spans = call.arguments.slice(0, MOST_ARGUMENTS);
  const pairs = spans.flatMap((a, i) => spans.slice(i + 1, i + 3).map((b) => [a, b] as const));
  return pairs
    .filter(([a, b]) => code.isReviewed({ start: a.start, end: b.end }) && canSwap(code, a, b))
    .map(([a, b]) => {
      const [first, second] = [code.textOf(a), code.textOf(b)];
      return {
        rule,
        start: a.start,
        end: b.end,
        site: a.start,
        changes: [
          { start: a.start, end: a.end, text: second },
          { start: b.start, end: b.end, text: first },
        ],
        prior: 0,
        written: `${first}, ${second}`,
        alternative: `${second}, ${first}`,
        facts: {},
      };
    });
}

function canSwap(code: CodeView, a: Span, b: Span): boolean {
  const [first, second] = [code.textOf(a), code.textOf(b)];
  if (first === second || !isPlain(first) || !isPlain(second)) return false;
  const isLiteral = (span: Span): boolean =>
    code.reading.literals.some(({ start, end }) => start === span.start && end === span.end);
  return !(isLiteral(a) && isLiteral(b));
}

function isPlain(text: string): boolean {
  if (text.length > LONGEST || /[\n\r]/.test(text)) return false;
  if (/^(?:\.\.\.|\*|&|\{)/.test(text) || /=>|^(?:function|lambda|async)\b/.test(text))
    return false;
  // Keyword arguments may stand in any order.
  return !/^[\w$]+\s*=(?!=)/.test(text) && !/^for\b|\sfor\s/.test(text);
}
