import type { Share } from "./room.ts";
import type { Run } from "./run.ts";
import { shownAfter, shownBefore } from "./surroundings.ts";

/** What stands around the code, as far as there is room for it. */
export function contextText(
  { syntax, place }: Pick<Run, "syntax" | "place">,
  share: Share,
): { readonly before: string; readonly after: string } {
  return {
    before: shownBefore(syntax, place.languageId, place.before, share.before),
    after: shownAfter(place.after, share.after),
  };
}
