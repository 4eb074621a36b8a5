import { withLineFeeds } from "../../text/lines.ts";
import type { ReviewDocument, ReviewPurpose } from "../types.ts";
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
  if (purpose === undefined || isEmpty(purpose)) return "";
  const list = purpose.requirements.filter(isText).map((each) => `- ${each.trim()}`);
  const task = clipped(purpose.task, longestWords);
  const demands = clipped(list.join("\n"), longestWords);
  const code = clipped(purpose.tests ?? "", longestTests);
  return prompts.purpose({
    task: section(task, task),
    requirements: section(demands, prompts.requirements({ list: demands })),
    tests: section(code, prompts.tests({ language: languageId, code })),
  });
}

/** A part of the prompt with blank lines around it, where there is something to say. */
function section(content: string, text: string): string {
  return isText(content) ? `\n${text}\n` : "";
}

function isEmpty({ task, requirements, tests }: ReviewPurpose): boolean {
  return ![task, tests ?? "", ...requirements].some(isText);
}

function isText(text: string): boolean {
  return text.trim() !== "";
}

/** Whole lines of the text up to a length; a line of dots says that more follows. */
function clipped(text: string, most: number): string {
  const whole = withLineFeeds(text).trim();
  if (whole.length <= most) return whole;
  const end = whole.lastIndexOf("\n", most);
  return `${whole.slice(0, end > 0 ? end : most)}\n…`;
}
