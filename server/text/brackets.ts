/** A bracket that has no partner in the text looked at. */
export interface Bracket {
  readonly character: string;
  readonly offset: number;
}

export interface Unmatched {
  /** Opening brackets never closed, outermost first. */
  readonly unclosed: readonly Bracket[];
  /** Closing brackets never opened, in order. */
  readonly unopened: readonly Bracket[];
}

const PARTNER: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const CLOSER: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const HASH_COMMENTS = new Set([
  "python",
  "ruby",
  "shellscript",
  "perl",
  "r",
  "yaml",
  "toml",
  "makefile",
]);

/** The bracket that closes an opening one. */
export function closerOf(opener: string): string {
  return CLOSER[opener] ?? "";
}

/**
 * Finds brackets without partner by reading characters: skips strings that end on their line (backticks: that
 * end at all) and line comments. What starts inside a string or comment is read wrongly: start at a line.
 */
export function unmatchedBrackets(text: string, languageId: string): Unmatched {
  const unclosed: Bracket[] = [];
  const unopened: Bracket[] = [];
  const hash = HASH_COMMENTS.has(languageId);
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"' || character === "'" || character === "`") {
      i = stringEnd(text, i, character);
    } else if (hash ? character === "#" : character === "/" && text.charAt(i + 1) === "/") {
      const end = text.indexOf("\n", i);
      if (end < 0) break;
      i = end;
    } else if (!hash && character === "/" && text.charAt(i + 1) === "*") {
      const end = text.indexOf("*/", i + 2);
      if (end < 0) break;
      i = end + 1;
    } else if (CLOSER[character] !== undefined) {
      unclosed.push({ character, offset: i });
    } else if (PARTNER[character] !== undefined) {
      if (unclosed.at(-1)?.character === PARTNER[character]) unclosed.pop();
      else unopened.push({ character, offset: i });
    }
  }
  return { unclosed, unopened };
}

/** Offset of the quote that ends the string, or `start` where it does not end. */
function stringEnd(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\\") i++;
    else if (character === quote) return i;
    else if (character === "\n" && quote !== "`") return start;
  }
  return start;
}
