import type { Operator, Span } from "../../../syntax/reading.ts";
import { contains, isUse, type CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";
import { otherNames } from "./wrongIdentifier.ts";
import { otherMembers } from "./wrongMember.ts";

const rule = "starcoder/same-operands";

const OPERATORS = new Set(["-", "/", "%", "//", "^", "&", "|", "&&", "||", "??", "and", "or"]);

/** Other operands that are handed to the model for each side, and the longest of them. */
const MOST_ALTERNATIVES = 24;
const LONGEST = 40;

/** Nats: such code is hardly ever meant. */
const PRIOR = 3;

/** Both sides of an operator are the same code, so that it cannot matter. */
export const sameOperands: EditKind = {
  rule,
  propose: (code) =>
    code.reading.operators
      .filter((operator) => isPointless(code, operator) && code.isReviewed(whole(operator)))
      .flatMap((operator) => [pointless(operator), ...corrections(code, operator)]),
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

/** What is said where the model has nothing better to offer: the code alone tells that it is wrong. */
function pointless(operator: Operator): Proposal {
  const place = whole(operator);
  return {
    rule,
    ...place,
    site: place.start,
    changes: [],
    prior: 0,
    written: operator.text,
    alternative: "",
    facts: { evidence: 1 },
  };
}

function corrections(code: CodeView, operator: Operator): Proposal[] {
  const place = whole(operator);
  return [operator.left, operator.right].flatMap((side) => {
    if (side === undefined) return [];
    const changed = inside(code, side);
    const texts = new Set(changed.map((proposal) => editedSide(code, side, proposal)));
    const written = code.textOf(side);
    const others = otherOperands(code, operator, side)
      .filter((text) => text !== written && !texts.has(text))
      .slice(0, MOST_ALTERNATIVES)
      .map((text) => ({
        changes: [{ ...side, text }],
        prior: 0,
        alternative: text,
        facts: {},
      }));
    return [...changed, ...others].map(({ changes, prior, alternative, facts }) => ({
      rule,
      ...place,
      site: side.start,
      changes,
      prior: prior + PRIOR,
      written: operator.text,
      alternative,
      facts: { ...facts, evidence: 1 },
    }));
  });
}

/** Another name or member within an operand. */
function inside(code: CodeView, side: Span): Proposal[] {
  const { names, members } = code.reading;
  return [
    ...names
      .filter((name) => isUse(name) && contains(side, name))
      .flatMap((name) => otherNames(code, name)),
    ...members
      .filter(({ property }) => contains(side, property))
      .flatMap((member) => otherMembers(code, member)),
  ];
}

function editedSide(code: CodeView, side: Span, { changes }: Proposal): string {
  const [change] = changes;
  if (change === undefined) return "";
  const { text } = code;
  return text.slice(side.start, change.start) + change.text + text.slice(change.end, side.end);
}

/** What could stand in place of an operand: names, members, calls and operands of the same function. */
function otherOperands(code: CodeView, operator: Operator, side: Span): string[] {
  const { operators, members, calls } = code.reading;
  const unit = code.unitAt(operator.start) ?? { start: code.chunk.start, end: code.chunk.end };
  const isNear = (span: Span): boolean => contains(unit, span) && !contains(side, span);
  const isPlain = (text: string): boolean => text.length <= LONGEST && !/[\n=]/.test(text);
  const opposite = code.textOf(side);
  const compared = operators.flatMap(({ kind, left, right }) => {
    if (kind !== operator.kind || left === undefined || right === undefined) return [];
    const [first, second] = [code.textOf(left), code.textOf(right)];
    if (first === opposite) return [second];
    return second === opposite ? [first] : isNear(left) ? [first, second] : [];
  });
  const values = code
    .visibleAt(side.start)
    .filter(({ kind, at }) => kind !== "import" && contains(unit, { start: at, end: at }))
    .map(({ text }) => text);
  const nearest = [...members, ...calls]
    .filter(isNear)
    .sort((a, b) => Math.abs(a.start - side.start) - Math.abs(b.start - side.start))
    .map((span) => code.textOf(span));
  return [...new Set([...compared, ...values, ...nearest].filter(isPlain))];
}

function whole({ left, right, start, end }: Operator): Span {
  return { start: left?.start ?? start, end: right?.end ?? end };
}
