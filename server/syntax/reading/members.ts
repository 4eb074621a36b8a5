import type { Member } from "../reading.ts";
import { child, spanOf, type PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** Lists `object.property` outside types. */
export function collectMembers(survey: Survey): readonly Member[] {
  const { ofTypes, table } = survey;
  const found: Member[] = [];
  for (const node of ofTypes(Object.keys(table.members))) {
    const shape = entry(table.members, node.type);
    if (shape === undefined || survey.inType(node) || survey.broken(node)) continue;
    const object = child(node, shape.object);
    const property = child(node, shape.property);
    if (object === undefined || property === undefined) continue;
    if (entry(table.names, property.type) === undefined) continue;
    const name = { ...spanOf(property), text: survey.textOf(property), role: "property" as const };
    found.push({
      ...spanOf(node),
      object: spanOf(object),
      property: name,
      called: isCalled(node, survey),
    });
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

function isCalled(node: PlainNode, { table }: Survey): boolean {
  const own = entry(table.calls, node.type);
  if (own !== undefined) return child(node, own.arguments) !== undefined;
  const shape = entry(table.calls, node.parent?.type ?? "");
  return shape?.callee.includes(node.field) ?? false;
}
