import type { Literal } from "../reading.ts";
import { spanOf, type PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** Lists literals outside types and imports; strings only where they hold no code. */
export function collectLiterals(survey: Survey): readonly Literal[] {
  const { ofTypes, table } = survey;
  const found: Literal[] = [];
  let skipTo = 0;
  for (const node of ofTypes([...Object.keys(table.literals), ...table.imports])) {
    if (node.index < skipTo) continue;
    if (table.imports.has(node.type)) skipTo = node.after;
    const kind = entry(table.literals, node.type);
    if (kind === undefined || survey.inType(node) || survey.broken(node)) continue;
    if (node.field === "source") continue;
    if (kind === "string" && node.children.some(holdsCode)) continue;
    found.push({ ...spanOf(node), text: survey.textOf(node), kind });
    skipTo = node.after;
  }
  return found;
}

/** What a string's text is made of. */
const TEXT = /content|fragment|escape|start$|end$|delimiter|^character$/;

function holdsCode({ named, type }: PlainNode): boolean {
  return named && !TEXT.test(type);
}
