import type { Condition } from "../reading.ts";
import { child, namedChildren, spanOf } from "./plainTree.ts";
import { entry, type Survey } from "./survey.ts";

/** Lists conditions without their brackets. */
export function collectConditions(survey: Survey): readonly Condition[] {
  const { nodes, table } = survey;
  const found: Condition[] = [];
  for (const node of nodes) {
    const shape = node.named ? entry(table.conditions, node.type) : undefined;
    if (shape === undefined) continue;
    let condition =
      typeof shape.at === "number" ? namedChildren(node)[shape.at] : child(node, shape.at);
    while (condition !== undefined && table.parentheses.has(condition.type)) {
      condition = namedChildren(condition).at(-1);
    }
    if (condition === undefined || survey.broken(condition)) continue;
    found.push({ ...spanOf(condition), of: shape.of });
  }
  return found.sort((a, b) => a.start - b.start);
}
