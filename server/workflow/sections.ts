import type { Share } from "./room.ts";
import type { Run } from "./run.ts";
import { shownAfter, shownBefore } from "./surroundings.ts";

/** An optional part of a prompt, with blank lines around it; nothing where there is nothing to say. */
export function section(content: string, write: () => string): string {
  return content.trim() === "" ? "" : `\n${write()}\n`;
}

/** `- one` a line. */
export function listOf(items: readonly string[]): string {
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => `- ${item}`)
    .join("\n");
}

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
