import type { CodeReading, Scope } from "../../syntax/reading.ts";

/** A name that stands for a value at some place. */
export interface VisibleName {
  readonly text: string;
  readonly kind: Scope["names"][number]["kind"];
  /** Offset of its declaration. */
  readonly at: number;
}

/**
 * The names visible at an offset, nearest first: innermost scope first, in a scope the latest before the
 * offset first, and those that come after it last. Names that a nearer one hides are left out, and so are
 * those that do not exist yet: declared later in the same function and not hoisted.
 */
export function visibleNames(
  reading: Pick<CodeReading, "scopes">,
  offset: number,
): readonly VisibleName[] {
  const { scopes } = reading;
  /** Undefined: hides a name of a scope around it without being visible itself. */
  const found = new Map<string, VisibleName | undefined>();
  let runsLater = false;
  for (let index = innermost(scopes, offset); index >= 0;) {
    const scope = scopes[index];
    if (scope === undefined) break;
    const later: string[] = [];
    for (const { text, kind, at, hoisted } of byDistance(scope.names, offset)) {
      if (found.has(text)) continue;
      if (runsLater || hoisted || at < offset) found.set(text, { text, kind, at });
      else later.push(text);
    }
    for (const text of later) if (!found.has(text)) found.set(text, undefined);
    runsLater ||= scope.kind === "function";
    index = scope.parent;
  }
  return [...found.values()].filter((name) => name !== undefined);
}

function innermost(scopes: readonly Scope[], offset: number): number {
  const found = scopes.findLastIndex(({ start, end }) => start <= offset && offset < end);
  return Math.max(0, found);
}

function byDistance(names: Scope["names"], offset: number): Scope["names"] {
  const before = names.filter(({ at }) => at <= offset).sort((a, b) => b.at - a.at);
  const after = names.filter(({ at }) => at > offset).sort((a, b) => a.at - b.at);
  return [...before, ...after];
}
