import type { Place } from "./place.ts";
import type { CompletionRequest, CompletionSettings, SyntaxService } from "./types.ts";

/** Characters looked at: enough to know a comment by; a whole document is too long to parse at each key. */
const lookBack = 6000;
const lookAhead = 400;

/** Whether the cursor stands in a comment where the user wants no suggestions. */
export function isUnwantedComment(
  syntax: SyntaxService,
  place: Place,
  trigger: CompletionRequest["trigger"],
  comments: CompletionSettings["comments"],
): boolean {
  if (comments === "on" || (comments === "manual" && trigger === "invoked")) return false;
  return syntaxAt(syntax, place) === "comment";
}

/** What kind of place the cursor stands in, by the text near it; undefined without a grammar. */
export function syntaxAt(
  syntax: SyntaxService,
  place: Pick<Place, "before" | "after" | "languageId">,
): ReturnType<SyntaxService["placeAt"]> {
  const { before, after, languageId } = place;
  const from = before.length - lookBack;
  const window = from <= 0 ? before : before.slice(before.indexOf("\n", from) + 1);
  const text = window + after.slice(0, lookAhead);
  return syntax.placeAt(languageId, text, window.length);
}
