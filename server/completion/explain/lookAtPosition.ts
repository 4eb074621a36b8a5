import { isWordCharacter } from "../../text/identifiers.ts";
import { placeOf } from "../place.ts";
import type { TraceEvent } from "./trace.ts";
import type { CompletionRequest, SyntaxService } from "../types.ts";
import { syntaxAt } from "../unwantedComment.ts";

const mostTries = 4;

/** What kind of place a request is about, for its trace. */
export function lookAtPosition(
  syntax: SyntaxService,
  { document, offset, explained }: CompletionRequest,
): Extract<TraceEvent, { kind: "position" }> {
  const place = placeOf(document, offset);
  const { before, closing, after } = place;
  const midWord =
    isWordCharacter(before.slice(-1)) && isWordCharacter((closing + after).slice(0, 1));
  const hasGrammar = syntax.supports(document.languageId);
  let found = syntaxAt(syntax, place);
  // On a busy machine parsing may be given up: an explanation has the time to try again, a key has not.
  let more = hasGrammar && explained === true ? mostTries - 1 : 0;
  for (; more > 0 && found === undefined; more--) found = syntaxAt(syntax, place);
  return { kind: "position", place: found, hasGrammar, midWord, offset };
}
