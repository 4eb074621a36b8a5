import type { Operator, Span } from "../../../syntax/reading.ts";
import type { CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";
import { isPlainOperand } from "./operand.ts";
import { short } from "./replaceToken.ts";

const rule = "starcoder/negation";

/** The condition is much likelier with, or without, a negation. */
export const negation: EditKind = {
  rule,
  propose: (code) => [...missing(code), ...superfluous(code)],
  message: ({ written, alternative }) =>
    written === ""
      ? `A negation is likely missing here: did you mean \`${alternative}\`?`
      : `The negation is unlikely here: did you mean \`${alternative}\`?`,
};

function superfluous(code: CodeView): Proposal[] {
  const nots = code.reading.operators.filter(({ kind }) => kind === "not");
  const isDouble = (operator: Operator): boolean =>
    nots.some((other) => other.end === operator.start || other.start === operator.end);
  return nots
    .filter((operator) => !isDouble(operator) && code.isReviewed(operator))
    .map((operator) => {
      const spaces = /^\s*/.exec(code.text.slice(operator.end, operator.end + 20))?.[0] ?? "";
      const end = operator.end + spaces.length;
      return {
        rule,
        start: operator.start,
        end: operator.right?.end ?? operator.end,
        site: operator.start,
        changes: [{ start: operator.start, end, text: "" }],
        prior: 0,
        written: operator.text,
        alternative: short(operator.right === undefined ? "" : code.textOf(operator.right)),
        facts: {},
      };
    });
}

function missing(code: CodeView): Proposal[] {
  const not = code.languageId === "python" ? "not " : "!";
  return conditionsOf(code)
    .filter((span) => code.isReviewed(span) && isPlainOperand(code, span))
    .map((span) => ({
      rule,
      start: span.start,
      end: span.end,
      site: span.start,
      changes: [{ start: span.start, end: span.start, text: not }],
      prior: 0,
      written: "",
      alternative: short(`${not}${code.textOf(span)}`),
      facts: {},
    }));
}

/** What is tested: conditions, and the sides of `&&` and `||` in them. */
function conditionsOf(code: CodeView): Span[] {
  const { conditions, operators } = code.reading;
  const sides = operators
    .filter(({ kind, text }) => kind === "logical" && text !== "??")
    .flatMap(({ left, right, text }) =>
      // The right side of `a || b` is more often a value than a condition.
      text === "||" || text === "or" ? [left] : [left, right],
    )
    .filter((span) => span !== undefined);
  const spans = new Map<number, Span>();
  for (const span of [...conditions, ...sides]) spans.set(span.start * 65_537 + span.end, span);
  return [...spans.values()];
}
