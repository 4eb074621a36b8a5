import { withLineFeeds } from "../../text/lines.ts";
import { listOf, section } from "../../text/promptSections.ts";
import type { ReviewDocument } from "../types.ts";
import type { ReviewPrompts } from "./prompt.ts";

/*
 * Characters shown of each, about 500 and 1,200 tokens: every question about the code bears them, and
 * the chunk itself has to find room beside them.
 */
const longestWords = 2000;
const longestTests = 4000;

/** What a document's code is to do, as part of the prompt; empty where that is not known. */
export function purposeText(
  prompts: ReviewPrompts,
  { purpose, languageId }: Pick<ReviewDocument, "purpose" | "languageId">,
): string {
  if (purpose === undefined) return "";
  const task = clipped(purpose.task, longestWords);
  const list = clipped(listOf(purpose.requirements), longestWords);
  const code = clipped(purpose.tests ?? "", longestTests);
  if (task + list + code === "") return "";
  return prompts.purpose({
    task: section(task, () => task),
    requirements: section(list, () => prompts.requirements({ list })),
    tests: section(code, () => prompts.tests({ language: languageId, code })),
  });
}

/** Whole lines of the text up to a length; a line of dots says that more follows. */
function clipped(text: string, most: number): string {
  const whole = withLineFeeds(text).trim();
  if (whole.length <= most) return whole;
  const end = whole.lastIndexOf("\n", most);
  return `${whole.slice(0, end > 0 ? end : most)}\n…`;
}
