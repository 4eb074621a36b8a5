import { closerOf, unmatchedBrackets } from "../../text/brackets.ts";
import { soundAfter, soundBefore } from "../../text/soundWindow.ts";
import type { SyntaxService } from "../types.ts";

const LINES_BEFORE = 100;
const CHARACTERS_BEFORE = 4000;
const LINES_AFTER = 50;
const CHARACTERS_AFTER = 2000;

export interface ParseQuery {
  readonly before: string;
  readonly after: string;
  readonly languageId: string;
  readonly syntax: Pick<SyntaxService, "errorCount">;
}

/**
 * Creates the check whether the code around the cursor has no more syntax errors with a text inserted than
 * without. A text that opens what it does not close is also tried with the closing part: a first line
 * `if (a) {` is sound. True where there is no grammar.
 */
export function createParseCheck(query: ParseQuery): (text: string) => boolean {
  const { languageId, syntax } = query;
  const before = soundBefore(query.before, LINES_BEFORE, CHARACTERS_BEFORE);
  const after = soundAfter(query.after, LINES_AFTER, CHARACTERS_AFTER);
  let allowed: number | undefined;
  const count = (text: string): number | undefined =>
    syntax.errorCount(languageId, before + text + after);
  return (text) => {
    allowed ??= count("");
    if (allowed === undefined) return true;
    const errors = count(text);
    if (errors === undefined || errors <= allowed) return true;
    const closing = closingOf(text, languageId);
    if (closing === "") return false;
    const closed = count(text + closing);
    return closed === undefined || closed <= allowed;
  };
}

/** What would complete a text that is the start of something longer. */
function closingOf(text: string, languageId: string): string {
  const { unclosed } = unmatchedBrackets(text, languageId);
  const brackets = unclosed
    .map((bracket) => closerOf(bracket.character))
    .reverse()
    .join("");
  if (languageId === "python" && /:\s*$/.test(text)) return `${brackets} pass`;
  if (
    languageId === "ruby" &&
    /^\s*(def|class|module|if|unless|while|case|for|begin)\b|\bdo\b/.test(text)
  ) {
    return `${brackets}\nend`;
  }
  return brackets;
}
