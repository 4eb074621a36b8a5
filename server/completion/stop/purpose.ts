import { indentWidth } from "../../text/indentation.ts";
import { isCommentLine, opensBlock } from "../../text/languages.ts";
import { currentLine, nextLine, restOfLine, windowAfter, windowBefore } from "../../text/lines.ts";
import type { CompletionRequest, CompletionSettings, SyntaxService } from "../types.ts";

/** What a generation is for: the rest of one line, or a block of lines. */
export type Purpose = "line" | "block";

export interface PurposeQuery {
  /** Text before the cursor; only its last lines are looked at. */
  readonly before: string;
  /** Text after the cursor. */
  readonly after: string;
  readonly languageId: string;
  readonly multiline: CompletionSettings["multiline"];
  readonly trigger: CompletionRequest["trigger"];
  readonly syntax: Pick<SyntaxService, "placeAt">;
}

const LINES = 40;
const CHARACTERS = 4000;

/** Decides what to generate: a single line mid-line, a block where the syntax asks for one. */
export function purposeOf(query: PurposeQuery): Purpose {
  const { before, after, languageId, multiline, trigger } = query;
  if (multiline === "never") return "line";
  // Only what closes something may stand between the cursor and the end of the line.
  if (/[^\s)\]}'"`;,]/.test(restOfLine(after))) return "line";
  if (multiline === "block") return "block";
  const line = currentLine(before);
  if (line.trim() !== "") {
    return opensBlock(line, languageId) && isCode(query) ? "block" : "line";
  }
  if (trigger === "invoked") return "block";
  return isEmptyBody(before, after, languageId) && isCode(query) ? "block" : "line";
}

function isCode({ before, after, languageId, syntax }: PurposeQuery): boolean {
  const text = windowBefore(before, LINES, CHARACTERS);
  // With the code after it: a string that is not closed is no string to a parser.
  const around = text + windowAfter(after, LINES, CHARACTERS);
  const place = syntax.placeAt(languageId, around, text.length);
  return place === undefined || place === "code";
}

/** Whether nothing but comments stands between the line that opens the block and its end. */
function isEmptyBody(before: string, after: string, languageId: string): boolean {
  const above = windowBefore(before, LINES, CHARACTERS).split("\n").slice(0, -1);
  const opener = above.findLast((line) => line.trim() !== "" && !isCommentLine(line, languageId));
  if (opener === undefined || !opensBlock(opener, languageId)) return false;
  const below = nextLine(after);
  return below === undefined || indentWidth(below) <= indentWidth(opener);
}
