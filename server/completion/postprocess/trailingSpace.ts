import { restOfLine } from "../../text/lines.ts";
import type { FilterContext } from "./filter.ts";

/** Trims white space from the end, except what separates the suggestion from the rest of the line. */
export function trailingSpace(text: string, { after }: FilterContext): string {
  const rest = restOfLine(after);
  if (rest.trim() === "") return text.trimEnd();
  const breaks = text.lastIndexOf("\n");
  // `{|}` filled: the closing bracket keeps the line that was made for it.
  if (breaks >= 0 && text.slice(breaks).trim() === "") return text;
  return /^\s/.test(rest) ? text.replace(/[ \t]+$/, "") : text;
}
