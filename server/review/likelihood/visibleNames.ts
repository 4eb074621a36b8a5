import type { CodeReading, Scope } from "../../syntax/reading.ts";

/** The names visible at an offset, the innermost scope's first; of names that hide others only the inner. */
export function visibleNames(reading: CodeReading, offset: number): Scope["names"][number][] {
  const { scopes } = reading;
  let index = scopes.findLastIndex(({ start, end }) => start <= offset && offset < end);
  const seen = new Set<string>();
  const visible: Scope["names"][number][] = [];
  let isLater = false;
  for (let scope = scopes[index]; scope !== undefined; scope = scopes[index]) {
    for (const name of scope.names) {
      if (seen.has(name.text) || (!isLater && !name.hoisted && name.at > offset)) continue;
      seen.add(name.text);
      visible.push(name);
    }
    isLater ||= scope.kind === "function";
    index = scope.parent;
  }
  return visible;
}
