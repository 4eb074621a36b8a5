import type { Name, Scope } from "../reading.ts";
import type { Binding, LanguageTable } from "./languageTable.ts";
import type { PlainNode } from "./plainTree.ts";
import { nameOf, placedNames } from "./roles.ts";
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
  /** Index of the scope that a node stands in; a node that opens one stands in it. */
  readonly scopeAt: (node: PlainNode) => number;
}

/** Lists names with their roles, and scopes with what is declared in them. */
export function collectNames(survey: Survey): NamesAndScopes {
  const { scopes, scopeOf } = openScopes(survey);
  const names: Name[] = [];
  for (const placed of placedNames(survey)) {
    const { place, node, text } = placed;
    const innermost = scopeOf[node.index] ?? 0;
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
    scopeAt: ({ index }) => scopeOf[index] ?? 0,
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

function openScopes({ nodes, table, text, lost, inType }: Survey): {
  readonly scopes: readonly OpenScope[];
  readonly scopeOf: Int32Array;
} {
  const scopeOf = new Int32Array(nodes.length);
  const scopes: OpenScope[] = [];
  for (const node of nodes) {
    const around = node.parent === undefined ? -1 : (scopeOf[node.parent.index] ?? 0);
    const kind = around === -1 ? "file" : scopeKind(node, table);
    if (kind === undefined || (kind !== "file" && (lost(node) || inType(node)))) {
      scopeOf[node.index] = around;
      continue;
    }
    const hidden = table.closedClasses && kind === "function" && scopes[around]?.kind === "class";
    const parent = hidden ? (scopes[around]?.parent ?? 0) : around;
    scopeOf[node.index] = scopes.length;
    const { start, end } = kind === "file" ? { start: 0, end: text.length } : node;
    scopes.push({ start, end, kind, parent, around, names: [], outer: new Set() });
  }
  return { scopes, scopeOf };
}

function scopeKind(node: PlainNode, table: LanguageTable): Scope["kind"] | undefined {
  if (!node.named) return undefined;
  const { parent } = node;
  const kind =
    entry(table.scopes, `${parent?.type ?? ""}.${node.field}`) ?? entry(table.scopes, node.type);
  // A function's body shares the scope of its parameters.
  if (kind === "block" && parent !== undefined && entry(table.scopes, parent.type) === "function") {
    return undefined;
  }
  return kind;
}
