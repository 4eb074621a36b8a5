import type { ExpressionStatement, Unit } from "../../../syntax/reading.ts";
import { contains, type CodeView } from "../codeView.ts";
import type { EditKind } from "../proposal.ts";

const rule = "starcoder/missing-return";

/** Nats for a statement of which nothing tells that its value is wanted. */
const UNKNOWN = -2;

/** The last expression is much likelier with `return` before it. */
export const missingReturn: EditKind = {
  rule,
  propose: (code) =>
    code.reading.statements.flatMap((statement) => {
      const unit = code.reading.units[statement.unit];
      if (unit === undefined || !statement.isLast) return [];
      if (!canReturn(code, statement, unit) || !code.isReviewed(statement.expression)) return [];
      const { expression } = statement;
      const evidence = returnsValue(code, unit) || isUseless(code, statement);
      return [
        {
          rule,
          start: expression.start,
          end: expression.end,
          site: expression.start,
          changes: [{ start: expression.start, end: expression.start, text: "return " }],
          prior: evidence ? 1 : UNKNOWN,
          written: unit.name,
          alternative: "return",
          facts: { evidence: Number(evidence) },
        },
      ];
    }),
  message: ({ written, facts }) => {
    const name = written === "" ? "the function" : `\`${written}\``;
    return facts.evidence === 1
      ? `The value is dropped, though ${name} should return one: is a \`return\` missing?`
      : `The value is dropped at the end of ${name}: is a \`return\` missing?`;
  },
};

function canReturn(code: CodeView, statement: ExpressionStatement, unit: Unit): boolean {
  if (unit.kind === "class" || unit.kind === "field") return false;
  if (/^(?:constructor|__init__|__post_init__|setUp|tearDown)$/.test(unit.name)) return false;
  const text = code.textOf(statement.expression);
  if (/^(?:["'`]|yield\b|super\b|\.\.\.$|[rbuf]?"""|delete\b|void\b)/.test(text)) return false;
  const header = code.text.slice(unit.start, unit.body.start);
  if (/(?:\)\s*:\s*(?:void|never|Promise<void>)\b|->\s*None\b)/.test(header)) return false;
  if (/^(?:set|static set)\s/.test(header)) return false;
  // An assignment's value is seldom wanted.
  return !code.reading.operators.some(
    (operator) =>
      (operator.kind === "assignment" || operator.kind === "update") &&
      contains(statement.expression, operator) &&
      !/[([{]/.test(code.text.slice(statement.expression.start, operator.start)),
  );
}

/** Whether a function says that it returns something: elsewhere, or by its declared type. */
function returnsValue(code: CodeView, unit: Unit): boolean {
  const header = code.text.slice(unit.start, unit.body.start);
  if (/\)\s*:\s*[\w([{]/.test(header) || /->\s*\w/.test(header)) return true;
  const inner = code.reading.units.filter(
    (other) => other !== unit && contains(unit, other) && other.kind !== "class",
  );
  const returns = /\breturn[ \t(]+[^;\s]/g;
  const body = code.textOf(unit.body);
  for (let match = returns.exec(body); match !== null; match = returns.exec(body)) {
    const at = unit.body.start + match.index;
    if (!inner.some(({ start, end }) => start <= at && at < end)) return true;
  }
  return false;
}

/** Whether a statement does nothing unless its value is used: no call, no assignment, no await. */
function isUseless(code: CodeView, { expression }: ExpressionStatement): boolean {
  if (/\b(?:await|yield|new)\b/.test(code.textOf(expression))) return false;
  return !code.reading.calls.some((call) => contains(expression, call));
}
