import type { Condition } from "../reading.ts";
import type { ConditionShape } from "./languageTable.ts";
import { child, namedChildren, spanOf, type PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** Lists conditions without their brackets. */
export function collectConditions(survey: Survey): readonly Condition[] {
  const { ofTypes, table } = survey;
  const found: Condition[] = [];
  for (const node of ofTypes(Object.keys(table.conditions))) {
    const shape = entry(table.conditions, node.type);
    if (shape === undefined) continue;
    let condition = conditionOf(node, shape);
    while (condition !== undefined && table.parentheses.has(condition.type)) {
      condition = namedChildren(condition).at(-1);
    }
    if (condition === undefined || survey.broken(condition)) continue;
    found.push({ ...spanOf(condition), of: shape.of });
  }
  return found.sort((a, b) => a.start - b.start);
}

function conditionOf(node: PlainNode, { at }: ConditionShape): PlainNode | undefined {
  if (typeof at === "function") return at(node);
  return typeof at === "number" ? namedChildren(node)[at] : child(node, at);
}
