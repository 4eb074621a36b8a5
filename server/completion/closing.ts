/**
 * What an editor puts after the cursor by itself, or the end of a statement: closing brackets and
 * quotes, `;` and `,` up to the end of the line. The model is not shown it: it comes and goes while
 * one types (each time a whole suffix would be evaluated anew), and models write it themselves.
 */
const closing = /^[)\]}'"`;,]{1,6}(?=[ \t]*(?:\r?\n|$))/;

/** The closing characters that stand alone between the cursor and the end of its line, or "". */
export function closingAfter(after: string): string {
  // No more than this is ever matched; white space behind it is rarely longer.
  return closing.exec(after.slice(0, 80))?.[0] ?? "";
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * How many of the closing characters after the cursor a text brings itself, so that it replaces
 * them: 2 for `name")` before `")`, 0 for `name` before `)`.
 */
export function coveredClosing(text: string, after: string): number {
  let at = 0;
  for (let covered = 0; covered < after.length; covered++) {
    const found = findClosing(text, at, after.charAt(covered));
    if (found === -1) return covered;
    at = found + 1;
  }
  return after.length;
}

/** The offset of the character that closes what was open before `from`, or -1. */
function findClosing(text: string, from: number, wanted: string): number {
  if (wanted === ";" || wanted === ",") {
    const next = /^[ \t]*(.)/.exec(text.slice(from));
    // A text that goes on after it has it somewhere on its first line's end.
    if (next?.[1] === wanted) return from + next[0].length - 1;
    const line = /^[^\r\n]*/.exec(text.slice(from))?.[0].trimEnd() ?? "";
    return from === 0 && line.endsWith(wanted) ? line.length - 1 : -1;
  }
  const quoted = /['"`]/.test(wanted);
  const open: string[] = [];
  let quote = quoted ? wanted : "";
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") {
      if (character !== quote) continue;
      if (quoted) return at;
      quote = "";
    } else if (/['"`]/.test(character)) quote = character;
    else if (character in closers) open.push(closers[character] ?? "");
    else if (/[)\]}]/.test(character)) {
      if (open.length > 0) open.pop();
      else return character === wanted ? at : -1;
    }
  }
  return -1;
}
