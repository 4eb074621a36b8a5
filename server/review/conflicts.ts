import type { LineRange } from "./types.ts";

/** Where a text holds hunks of a merge conflict, markers included; one that never ends goes on to the end. */
export function findConflicts(lines: readonly string[]): LineRange[] {
  const conflicts: LineRange[] = [];
  let start = -1;
  let divided = false;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith("<<<<<<< ")) {
      if (start < 0) [start, divided] = [i, false];
    } else if (start >= 0 && /^=======\s*$/.test(line)) divided = true;
    else if (start >= 0 && divided && line.startsWith(">>>>>>> ")) {
      conflicts.push({ start, end: i + 1 });
      start = -1;
    }
  }
  if (start >= 0 && divided) conflicts.push({ start, end: lines.length });
  return conflicts;
}
