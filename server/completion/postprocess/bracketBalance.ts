import { unmatchedBrackets } from "../../text/brackets.ts";
import type { FilterContext } from "./filter.ts";

/** Cuts before the first bracket that closes what is not open. */
export function bracketBalance(text: string, context: FilterContext): string {
  const { before, languageId } = context;
  if (!/[)\]}]/.test(text)) return text;
  const { unopened } = unmatchedBrackets(text, languageId);
  if (unopened.length === 0) return text;
  const around = before + text + context.after;
  const place = context.syntax.placeAt(languageId, around, before.length);
  if (place === "string" || place === "comment") return text;
  const open = unmatchedBrackets(before, languageId).unclosed.map((bracket) => bracket.character);
  for (const { character, offset } of unopened) {
    const opener = character === ")" ? "(" : character === "]" ? "[" : "{";
    if (open.at(-1) === opener) open.pop();
    // The window may start inside any number of blocks.
    else if (!(opener === "{" && !context.wholeBefore && open.length === 0)) {
      return text.slice(0, offset).replace(/[ \t]+$/, "");
    }
  }
  return text;
}
