import type { Operator } from "../../../syntax/reading.ts";
import { contains, isUse, type CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";
import { otherNames } from "./wrongIdentifier.ts";
import { otherMembers } from "./wrongMember.ts";

const rule = "starcoder/same-operands";

const OPERATORS = new Set(["-", "/", "%", "//", "^", "&", "|", "&&", "||", "??", "and", "or"]);

/** Both sides of an operator are the same code, so that it cannot matter. */
export const sameOperands: EditKind = {
  rule,
  propose: (code) =>
    code.reading.operators
      .filter((operator) => isPointless(code, operator) && code.isReviewed(whole(operator)))
      .flatMap((operator) => corrections(code, operator)),
  message({ written, alternative }) {
    return alternative === ""
      ? `Both sides of \`${written}\` are the same.`
      : `Both sides of \`${written}\` are the same: did you mean \`${alternative}\` on one of them?`;
  },
};

function isPointless(code: CodeView, { kind, text, left, right }: Operator): boolean {
  if (left === undefined || right === undefined) return false;
  if (kind !== "comparison" && !OPERATORS.has(text)) return false;
  const plain = code.textOf(left).replace(/\s+/g, "");
  if (plain !== code.textOf(right).replace(/\s+/g, "") || /^[\d.]+$/.test(plain)) return false;
  // `x !== x` asks whether x is not a number.
  return !(/^(?:!==?|===?)$/.test(text) && /^[\w$]+$/.test(plain) && isNumberTest(code, right.end));
}

/** Whether the file speaks of what is not a number, near a comparison of a name with itself. */
function isNumberTest(code: CodeView, offset: number): boolean {
  return /nan\b/i.test(code.text.slice(Math.max(0, offset - 200), offset + 100));
}

function corrections(code: CodeView, operator: Operator): Proposal[] {
  const place = whole(operator);
  const sides = [operator.left, operator.right].filter((side) => side !== undefined);
  const inside = (span: { readonly start: number; readonly end: number }): boolean =>
    sides.some((side) => contains(side, span));
  const { names, members } = code.reading;
  const others = [
    ...names.filter((name) => isUse(name) && inside(name)).flatMap((n) => otherNames(code, n)),
    ...members.filter((m) => inside(m.property)).flatMap((m) => otherMembers(code, m)),
  ];
  return others.map((proposal) => ({
    ...proposal,
    rule,
    start: place.start,
    end: place.end,
    prior: proposal.prior + 3,
    written: operator.text,
    facts: { ...proposal.facts, evidence: 1 },
  }));
}

function whole({ left, right, start, end }: Operator): {
  readonly start: number;
  readonly end: number;
} {
  return { start: left?.start ?? start, end: right?.end ?? end };
}
