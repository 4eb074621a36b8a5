import type { TextChange } from "../protocol/host.ts";
import { hashText } from "./lines.ts";
import type { Finding } from "./types.ts";

/** Lines of a finding that its fingerprint is made of, at most. */
const mostLines = 20;

/**
 * Gives findings of one text their fingerprints: rule, code of the line or lines and the same lines
 * with the fix, white space left out, and which of the equal ones in the document it is. The first
 * of equal ones bears no number, so that it stays the same when a copy is made below it.
 */
export function createFingerprints(
  lines: readonly string[],
  startOfLine: (line: number) => number,
  lineAt: (offset: number) => number,
): (finding: Finding) => string {
  // The lines of a document are only compared when something was found.
  let indexes: Map<string, number[]> | undefined;

  function indexAmongEqual(line: number): number {
    indexes ??= groupEqual(lines);
    return Math.max(0, indexes.get(normalise(lines[line] ?? ""))?.indexOf(line) ?? 0);
  }

  return ({ rule, start, end, changes }) => {
    const first = lineAt(start);
    const last = Math.min(lineAt(Math.max(start, end - 1)), first + mostLines - 1);
    const from = startOfLine(first);
    const text = lines.slice(first, last + 1).join("\n");
    const fixed = apply(text, from, changes);
    const code = `${rule}\0${normalise(text)}\0${normalise(fixed)}`;
    const index = indexAmongEqual(first);
    const hash = hashText(code).toString(36) + hashText(code, 1).toString(36);
    return index === 0 ? hash : `${hash}-${index}`;
  };
}

/**
 * The line at `from` on with changes made. Offsets count breaks as one unit here: in a text with
 * `\r\n` a change in a later line lies a little off, always by the same, which is all that counts.
 */
function apply(text: string, from: number, changes: readonly TextChange[]): string {
  let fixed = "";
  let at = 0;
  for (const change of changes) {
    const start = change.start - from;
    if (start < at || start > text.length) continue;
    fixed += text.slice(at, start) + change.text;
    at = change.end - from;
  }
  return fixed + text.slice(at);
}

function groupEqual(lines: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  lines.forEach((line, i) => {
    const key = normalise(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return groups;
}

function normalise(code: string): string {
  return code.replace(/\s+/g, "");
}
