import type { ExpressionStatement } from "../../../syntax/reading.ts";
import { contains, type CodeView, type FunctionSpan } from "../codeView.ts";
import type { EditKind } from "../proposal.ts";

const rule = "starcoder/missing-return";

/** Nats for a statement of which nothing tells that its value is wanted. */
const UNKNOWN = -2;

/** The last expression is much likelier with `return` before it. */
export const missingReturn: EditKind = {
  rule,
  propose: (code) =>
    code.reading.statements.flatMap((statement) => {
      const { expression } = statement;
      const own = code.functionAt(expression.start);
      if (own === undefined || !statement.isLast || !code.isReviewed(expression)) return [];
      const name = code.unitAt(expression.start)?.name ?? "";
      if (!canReturn(code, statement, own, name)) return [];
      const evidence = returnsValue(code, own) || isUseless(code, statement);
      return [
        {
          rule,
          start: expression.start,
          end: expression.end,
          site: expression.start,
          changes: [{ start: expression.start, end: expression.start, text: "return " }],
          prior: evidence ? 1 : UNKNOWN,
          written: name,
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

function canReturn(
  code: CodeView,
  statement: ExpressionStatement,
  { header }: FunctionSpan,
  name: string,
): boolean {
  if (/^(?:constructor|__init__|__post_init__|setUp|tearDown)$/.test(name)) return false;
  const text = code.textOf(statement.expression);
  if (/^(?:yield\b|super\b|\.\.\.$|delete\b|void\b)/.test(text)) return false;
  if (/^[rbuf]?(["'`])(?:(?!\1)[^])*\1$|^[rbuf]?("""|''')/.test(text)) return false;
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
function returnsValue(code: CodeView, own: FunctionSpan): boolean {
  if (/\)\s*:\s*[\w([{]/.test(own.header) || /->\s*\w/.test(own.header)) return true;
  const returns = /\breturn[ \t(]+[^;\s]/g;
  const text = code.textOf(own);
  const { comments, literals } = code.reading;
  const silent = [...comments, ...literals].filter((span) => contains(own, span));
  for (let match = returns.exec(text); match !== null; match = returns.exec(text)) {
    const at = own.start + match.index;
    if (![...own.inner, ...silent].some(({ start, end }) => start <= at && at < end)) return true;
  }
  return false;
}

/** Whether a statement does nothing unless its value is used: no call, no assignment, no await. */
function isUseless(code: CodeView, { expression }: ExpressionStatement): boolean {
  if (/\b(?:await|yield|new)\b/.test(code.textOf(expression))) return false;
  return !code.reading.calls.some((call) => contains(expression, call));
}
