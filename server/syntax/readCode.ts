import type { Tree } from "@vscode/tree-sitter-wasm";
import { grammarOf } from "./grammars.ts";
import type { CodeReading, Span } from "./reading.ts";
import { collectCalls } from "./reading/calls.ts";
import { collectConditions } from "./reading/conditions.ts";
import { collectLiterals } from "./reading/literals.ts";
import { collectMembers } from "./reading/members.ts";
import { collectOperators } from "./reading/operators.ts";
import { isComment, spanOf, type PlainNode } from "./reading/plainTree.ts";
import { collectNames } from "./reading/scopes.ts";
import { collectStatements } from "./reading/statements.ts";
import { entry, survey, type Survey } from "./reading/survey.ts";
import { tables } from "./reading/tables.ts";
import { collectUnits } from "./reading/units.ts";

/** Reads a tree for a reviewer; undefined for a language whose node types are not known. */
export function readCode(tree: Tree, languageId: string, text: string): CodeReading | undefined {
  const table = entry(tables, grammarOf(languageId) ?? "");
  if (table === undefined) return undefined;
  const found = survey(tree, table, text);
  const { units, declarations, unitAt } = collectUnits(found);
  const { names, scopes } = collectNames(found);
  return {
    units,
    imports: spans(found, (node) => isImport(node, found)),
    declarations,
    names,
    scopes,
    operators: collectOperators(found),
    literals: collectLiterals(found),
    calls: collectCalls(found),
    members: collectMembers(found),
    conditions: collectConditions(found),
    statements: collectStatements(found, unitAt),
    comments: spans(found, isComment),
    errors: found.errors,
  };
}

function isImport(node: PlainNode, { table, text }: Survey): boolean {
  if (!node.named) return false;
  return table.imports.has(node.type) || (table.isImport?.(node, text) ?? false);
}

function spans({ nodes, broken }: Survey, wanted: (node: PlainNode) => boolean): readonly Span[] {
  const found: Span[] = [];
  for (const node of nodes) {
    if (wanted(node) && !broken(node)) found.push(spanOf(node));
  }
  return found;
}
