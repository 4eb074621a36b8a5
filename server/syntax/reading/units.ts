import type { Declaration, Span, Unit } from "../reading.ts";
import type { LanguageTable, Parts } from "./languageTable.ts";
import { hasToken, spanOf, type PlainNode } from "./plainTree.ts";
import { createEnclosing } from "./enclosing.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

/** Siblings that belong to what follows them. */
const BEFORE = new Set(["decorator", "attribute_item"]);
/** Longest declaration that is its own header, in UTF-16 code units. */
const SHORT = 160;

export interface UnitsAndDeclarations {
  readonly units: readonly Unit[];
  readonly declarations: readonly Declaration[];
  /** Index of the unit that a node stands in, or -1. */
  readonly unitAt: (node: PlainNode) => number;
}

/** Lists units, and what is declared at the top of the file or of a class. */
export function collectUnits(survey: Survey): UnitsAndDeclarations {
  const { ofTypes, table } = survey;
  const units: Unit[] = [];
  const declarations: Declaration[] = [];
  const enclosing = createEnclosing();
  const types = new Set([...Object.keys(table.units), ...Object.keys(table.declarations)]);
  for (const node of ofTypes(types)) {
    const parent = enclosing.at(node.parent);
    const unit = entry(table.units, node.type)?.(node);
    const parts = unit ?? entry(table.declarations, node.type)?.(node);
    if (parts === undefined) continue;
    const whole = wrapped(parts.whole, table);
    if (survey.lost(whole)) continue;
    const name = parts.name === undefined ? "" : survey.textOf(parts.name);
    const inFunction = parent !== -1 && units[parent]?.kind !== "class";
    if (name !== "" && !inFunction && isAtTop(parts.whole, table)) {
      declarations.push({ ...whole, name, header: headerOf(whole, parts, survey.text) });
    }
    if (unit === undefined) continue;
    enclosing.add(node, units.length);
    units.push({
      ...whole,
      kind: parts.kind,
      name,
      body: parts.body === undefined ? empty(whole) : spanOf(parts.body),
      isAsync:
        hasToken(parts.code, "async") ||
        parts.code.children.some((each) => isAsyncModifier(each, survey)),
      parent,
    });
  }
  return { units, declarations, unitAt: enclosing.at };
}

function isAsyncModifier(node: PlainNode, { textOf }: Survey): boolean {
  return /modifier/.test(node.type) && /\basync\b/.test(textOf(node));
}

/** With what belongs to it before and around it: `export`, decorators. */
function wrapped(whole: PlainNode, { wrappers }: LanguageTable): Span {
  let node = whole;
  while (node.parent !== undefined && wrappers.has(node.parent.type)) node = node.parent;
  let { start } = node;
  const siblings = node.parent?.children ?? [];
  for (let at = node.position - 1; siblings[at] !== undefined; at--) {
    const before = siblings[at];
    if (before === undefined || !BEFORE.has(before.type)) break;
    start = before.start;
  }
  return { start, end: node.end };
}

/** Whether it stands at the top of the file or of a class, not in a statement's block. */
function isAtTop(whole: PlainNode, { wrappers, scopes }: LanguageTable): boolean {
  let around = whole.parent;
  while (around !== undefined && wrappers.has(around.type)) around = around.parent;
  if (around?.parent === undefined) return true;
  const place = `${around.parent.type}.${around.field}`;
  return entry(scopes, place) === "class" || entry(scopes, around.type) === "class";
}

function headerOf(whole: Span, { body }: Parts, text: string): Span {
  if (body !== undefined && body.start > whole.start) {
    const header = text.slice(whole.start, body.start).trimEnd();
    if (body.end - whole.start > SHORT)
      return { start: whole.start, end: whole.start + header.length };
  }
  if (whole.end - whole.start <= SHORT) return whole;
  const lineEnd = text.indexOf("\n", whole.start);
  const end = lineEnd < 0 || lineEnd > whole.end ? whole.end : lineEnd;
  return { start: whole.start, end: Math.min(end, whole.start + SHORT) };
}

function empty({ end }: Span): Span {
  return { start: end, end };
}
