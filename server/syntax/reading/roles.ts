import type { Name, NameRole } from "../reading.ts";
import type { Binding, LanguageTable, Place } from "./languageTable.ts";
import type { PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** A name with what it declares, if anything. */
export interface PlacedName {
  readonly node: PlainNode;
  readonly place: NameRole | Binding | "outer";
  readonly text: string;
}

/** All names outside syntax errors, in the text's order, with what their place makes of them. */
export function placedNames(survey: Survey): readonly PlacedName[] {
  const found: PlacedName[] = [];
  let inside = 0;
  for (const node of survey.ofTypes(Object.keys(survey.table.names))) {
    if (node.index < inside || node.start === node.end) continue;
    const role = entry(survey.table.names, node.type);
    if (role === undefined || survey.broken(node)) continue;
    // A name may hold another, such as PHP's `$a`.
    inside = node.after;
    const text = survey.textOf(node);
    const place = survey.inType(node) ? inType(role) : placeOf(node, text, survey.table, role);
    found.push({ node, place, text });
  }
  return found;
}

/** The name as it is listed. */
export function nameOf({ node, text }: PlacedName, role: NameRole): Name {
  return { start: node.start, end: node.end, text, role };
}

/** Member names of a type are keys; all else there is a type. */
function inType(role: NameRole): NameRole {
  return role === "property" ? "key" : "type";
}

function placeOf(
  name: PlainNode,
  text: string,
  table: LanguageTable,
  role: NameRole,
): NameRole | Binding | "outer" {
  for (let node = name; node.parent !== undefined; node = node.parent) {
    let place = placeIn(table, node);
    while (typeof place === "function") place = place(node, text);
    if (place === undefined) return role;
    if (place !== "inherit") return place;
  }
  return role;
}

function placeIn({ places }: LanguageTable, node: PlainNode): Place | undefined {
  const parent = node.parent?.type ?? "";
  return (
    entry(places, `${parent}.${node.field}`) ??
    entry(places, parent) ??
    entry(places, `.${node.field}`)
  );
}
