import type { Name, Scope, Span } from "../reading.ts";
import type { Binding, LanguageTable } from "./languageTable.ts";
import { child, type PlainNode } from "./plainTree.ts";
import { nameOf, placedNames } from "./roles.ts";
import { createEnclosing } from "./enclosing.ts";
import { entry } from "./entry.ts";
import type { Survey } from "./survey.ts";

interface OpenScope extends Scope {
  readonly names: Scope["names"][number][];
  /** Index of the scope that encloses it in the text, which names may not be looked up in. */
  readonly around: number;
  /** Names said to be those of a scope around it. */
  readonly outer: Set<string>;
}

export interface NamesAndScopes {
  readonly names: readonly Name[];
  readonly scopes: readonly Scope[];
}

/** Lists names with their roles, and scopes with what is declared in them. */
export function collectNames(survey: Survey): NamesAndScopes {
  const { scopes, scopeAt } = openScopes(survey);
  const names: Name[] = [];
  for (const placed of placedNames(survey)) {
    const { place, node, text } = placed;
    const innermost = scopeAt(node);
    if (place === "outer") {
      scopes[innermost]?.outer.add(text);
      names.push(nameOf(placed, "other"));
    } else if (typeof place === "string") {
      names.push(nameOf(placed, place));
    } else {
      const scope = scopes[target(scopes, innermost, place)];
      const declares = place.role !== "assignment" || isNew(scope, text);
      const role = place.role === "assignment" ? "declaration" : place.role;
      names.push(nameOf(placed, declares ? role : "write"));
      if (declares) {
        const { kind, hoisted } = place;
        scope?.names.push({ text, at: node.start, hoisted, kind });
      }
    }
  }
  return {
    names,
    scopes: scopes.map(({ start, end, kind, parent, names }) => ({
      start,
      end,
      kind,
      parent,
      names,
    })),
  };
}

function isNew(scope: OpenScope | undefined, text: string): boolean {
  return (
    !(scope?.outer.has(text) ?? false) &&
    !(scope?.names.some((name) => name.text === text) ?? false)
  );
}

function target(scopes: readonly OpenScope[], innermost: number, { scope }: Binding): number {
  if (scope === "here") return innermost;
  if (scope === "around") return scopes[innermost]?.around ?? 0;
  let index = innermost;
  while (scopes[index]?.kind === "block") index = scopes[index]?.around ?? 0;
  return index;
}

function openScopes(survey: Survey): {
  readonly scopes: readonly OpenScope[];
  readonly scopeAt: (node: PlainNode | undefined) => number;
} {
  const { nodes, table, text, lost, inType } = survey;
  const scopes: OpenScope[] = [];
  const enclosing = createEnclosing();
  const open = (node: PlainNode, kind: Scope["kind"], { start, end }: Span): void => {
    const around = kind === "file" ? -1 : enclosing.at(node.parent);
    const hidden = table.closedClasses && kind === "function" && scopes[around]?.kind === "class";
    const parent = hidden ? (scopes[around]?.parent ?? 0) : around;
    enclosing.add(node, scopes.length);
    scopes.push({ start, end, kind, parent, around, names: [], outer: new Set() });
  };
  const [root] = nodes;
  if (root !== undefined) open(root, "file", { start: 0, end: text.length });
  for (const node of scopeNodes(survey)) {
    const kind = scopeKind(node, table);
    if (kind !== undefined && !lost(node) && !inType(node)) open(node, kind, node);
  }
  return { scopes, scopeAt: enclosing.at };
}

/** Nodes that open a scope by their type or by what they are to their parent. */
function scopeNodes({ ofTypes, table }: Survey): readonly PlainNode[] {
  const found = new Set(ofTypes(Object.keys(table.scopes)));
  for (const key of Object.keys(table.scopes)) {
    const [type = "", field] = key.split(".");
    if (field === undefined) continue;
    for (const parent of ofTypes([type])) {
      const node = child(parent, field);
      if (node !== undefined) found.add(node);
    }
  }
  return [...found].sort((a, b) => a.index - b.index);
}

function scopeKind(node: PlainNode, { scopes }: LanguageTable): Scope["kind"] | undefined {
  const { parent } = node;
  const kind = entry(scopes, `${parent?.type ?? ""}.${node.field}`) ?? entry(scopes, node.type);
  // A function's body shares the scope of its parameters.
  if (kind === "block" && parent !== undefined && entry(scopes, parent.type) === "function") {
    return undefined;
  }
  return kind;
}
