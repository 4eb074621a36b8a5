import type { Call, Span } from "../reading.ts";
import type { CallShape } from "./languageTable.ts";
import { child, namedChildren, spanOf, type PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** Lists calls with their arguments. */
export function collectCalls(survey: Survey): readonly Call[] {
  const { ofTypes, table } = survey;
  const found: Call[] = [];
  for (const node of ofTypes(Object.keys(table.calls))) {
    const shape = entry(table.calls, node.type);
    const callee = shape === undefined ? undefined : calleeOf(node, shape);
    if (shape === undefined || callee === undefined) continue;
    if (survey.inType(node) || survey.broken(node)) continue;
    const list = child(node, shape.arguments);
    found.push({
      ...spanOf(node),
      callee: callee.span,
      name: lastName(callee.last, survey),
      arguments: argumentsOf(list),
      awaited: isAwaited(node, survey),
      isStatement: isStatement(node, survey),
    });
  }
  return found;
}

/** A generator or template that is the list itself is one argument or none. */
function argumentsOf(list: PlainNode | undefined): readonly Span[] {
  if (list === undefined || /string/.test(list.type)) return [];
  if (/generator/.test(list.type)) return [spanOf(list)];
  return namedChildren(list).map(spanOf);
}

function calleeOf(
  node: PlainNode,
  { callee }: CallShape,
): { readonly span: Span; readonly last: PlainNode } | undefined {
  const parts = callee.flatMap((field) => child(node, field) ?? []);
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { span: { start: first.start, end: last.end }, last };
}

function lastName(callee: PlainNode, { table, textOf }: Pick<Survey, "table" | "textOf">): string {
  if (entry(table.names, callee.type) !== undefined) return textOf(callee);
  // Others that end in a name are qualified by a namespace or types.
  const property = child(callee, entry(table.members, callee.type)?.property ?? "name");
  return property === undefined ? "" : lastName(property, { table, textOf });
}

function isAwaited(node: PlainNode, { table }: Survey): boolean {
  const parent = outside(node, table.parentheses).parent;
  return parent !== undefined && table.awaits.has(parent.type);
}

function isStatement(node: PlainNode, { table }: Survey): boolean {
  let around = outside(node, table.parentheses);
  if (around.parent !== undefined && table.awaits.has(around.parent.type)) {
    around = outside(around.parent, table.parentheses);
  }
  const statements =
    table.expressionStatements.size > 0 ? table.expressionStatements : table.blocks;
  return around.parent !== undefined && statements.has(around.parent.type);
}

function outside(node: PlainNode, parentheses: ReadonlySet<string>): PlainNode {
  let around = node;
  while (around.parent !== undefined && parentheses.has(around.parent.type)) around = around.parent;
  return around;
}
