import type { CodeReading, Span } from "../reading.ts";
import { collectCalls } from "./calls.ts";
import { collectConditions } from "./conditions.ts";
import { collectLiterals } from "./literals.ts";
import { collectMembers } from "./members.ts";
import { collectOperators } from "./operators.ts";
import { isComment, spanOf, type PlainNode } from "./plainTree.ts";
import { collectNames } from "./scopes.ts";
import { collectStatements } from "./statements.ts";
import type { Survey } from "./survey.ts";
import { collectUnits } from "./units.ts";

/** Runs every collector. */
export function readSurvey(survey: Survey): CodeReading {
  const { units, declarations, unitAt } = collectUnits(survey);
  const { names, scopes } = collectNames(survey);
  return {
    units,
    imports: spans(survey, (node) => isImport(node, survey)),
    declarations,
    names,
    scopes,
    operators: collectOperators(survey),
    literals: collectLiterals(survey),
    calls: collectCalls(survey),
    members: collectMembers(survey),
    conditions: collectConditions(survey),
    statements: collectStatements(survey, unitAt),
    comments: spans(survey, isComment),
    errors: survey.errors,
  };
}

function isImport(node: PlainNode, { table, text }: Survey): boolean {
  if (!node.named) return false;
  return table.imports.has(node.type) || (table.isImport?.(node, text) ?? false);
}

function spans({ nodes, broken }: Survey, wanted: (node: PlainNode) => boolean): readonly Span[] {
  return nodes.filter((node) => wanted(node) && !broken(node)).map(spanOf);
}
