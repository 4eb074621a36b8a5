import type { ExpressionStatement } from "../reading.ts";
import { isComment, namedChildren, type PlainNode } from "./plainTree.ts";
import type { Survey } from "./survey.ts";

/** Expressions by the grammar whose value nobody would ask for: assignments, docstrings, control flow. */
const NO_VALUE =
  /assignment|^string$|^internal_module$|^(if|while|for|loop|match|return|break|continue|throw)_expression$/;

/** Lists statements that are only an expression. */
export function collectStatements(
  survey: Survey,
  unitAt: (node: PlainNode) => number,
): readonly ExpressionStatement[] {
  const { ofTypes, table } = survey;
  const found: ExpressionStatement[] = [];
  for (const node of ofTypes(table.expressionStatements)) {
    if (survey.broken(node)) continue;
    const expression = namedChildren(node)[0];
    if (expression === undefined || NO_VALUE.test(expression.type)) continue;
    if (table.parentheses.has(node.parent?.type ?? "")) continue;
    const { start, end } = expression;
    found.push({
      start: node.start,
      end: node.end,
      expression: { start, end },
      unit: unitAt(node),
      isLast: isLast(node, survey),
    });
  }
  return found;
}

/** `break` after it does not count: it ends the `case`. */
function isLast(node: PlainNode, { table }: Survey): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  const after = parent.children
    .slice(node.position + 1)
    .filter((each) => each.named && !isComment(each) && each.field !== "alternative");
  if (after.length > 1 || (after[0] !== undefined && after[0].type !== "break_statement"))
    return false;
  if (table.branches.has(parent.type)) return true;
  let block: PlainNode | undefined = parent;
  // A block may hold nothing but a list of statements.
  while (block !== undefined && table.blocks.has(block.type)) {
    const around: PlainNode | undefined = block.parent;
    if (table.branches.has(around?.type ?? "")) return true;
    block = around !== undefined && namedChildren(around).length === 1 ? around : undefined;
  }
  return false;
}
