import { isWordCharacter } from "../text/identifiers.ts";
import { placeOf } from "./place.ts";
import type { TraceEvent } from "./trace.ts";
import type { CompletionRequest, SyntaxService } from "./types.ts";
import { syntaxAt } from "./unwantedComment.ts";

/** What kind of place a request is about, for its trace. */
export function lookAtPosition(
  syntax: SyntaxService,
  { document, offset }: CompletionRequest,
): Extract<TraceEvent, { kind: "position" }> {
  const place = placeOf(document, offset);
  const { before, closing, after } = place;
  const midWord =
    isWordCharacter(before.slice(-1)) && isWordCharacter((closing + after).slice(0, 1));
  return { kind: "position", place: syntaxAt(syntax, place), midWord, offset };
}
