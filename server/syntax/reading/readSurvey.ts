import type { CodeReading } from "../reading.ts";
import { collectCalls } from "./calls.ts";
import { collectConditions } from "./conditions.ts";
import { entry } from "./entry.ts";
import { collectLiterals } from "./literals.ts";
import { collectMembers } from "./members.ts";
import { collectOperators } from "./operators.ts";
import { spanOf, type PlainNode } from "./plainTree.ts";
import { collectNames } from "./scopes.ts";
import { collectStatements } from "./statements.ts";
import type { Survey } from "./survey.ts";
import { collectUnits } from "./units.ts";

/** Runs every collector. */
export function readSurvey(survey: Survey): CodeReading {
  const { units, declarations, unitAt } = collectUnits(survey);
  const isGood = (node: PlainNode): boolean => !survey.broken(node);
  const { names, scopes } = collectNames(survey);
  return {
    units,
    imports: imports(survey).filter(isGood).map(spanOf),
    declarations,
    names,
    scopes,
    operators: collectOperators(survey),
    literals: collectLiterals(survey),
    calls: collectCalls(survey),
    members: collectMembers(survey),
    conditions: collectConditions(survey),
    statements: collectStatements(survey, unitAt),
    comments: survey.comments.filter(isGood).map(spanOf),
    errors: survey.errors,
  };
}

function imports({ ofTypes, table, text }: Survey): readonly PlainNode[] {
  const types = new Set([...table.imports, ...Object.keys(table.isImport ?? {})]);
  return ofTypes(types).filter(
    (node) =>
      table.imports.has(node.type) || entry(table.isImport ?? {}, node.type)?.(node, text) === true,
  );
}
