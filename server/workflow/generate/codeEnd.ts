import { endByIndentation, endOfBlock } from "../../completion/stop/endOfBlock.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import { unmatchedBrackets } from "../../text/brackets.ts";
import { indentWidth } from "../../text/indentation.ts";
import { isCommentLine, isIndented } from "../../text/languages.ts";
import type { CodePlace } from "../place.ts";

/** Longest text before the code that is looked at, in UTF-16 code units. */
const longestBefore = 5000;

export interface CodeEndOptions {
  readonly syntax: Pick<Syntax, "blockEnd" | "errorCount" | "read">;
  readonly place: CodePlace;
  /** What the code begins with before anything was generated; ends up to a body where `isOpened`. */
  readonly start: string;
  readonly isOpened: boolean;
}

/**
 * Where generated code is complete, or undefined while it goes on: the body of a declaration that was
 * given has ended; else the first function or class, with what stands before it. Without a grammar by
 * brackets, indentation and blank lines. To be asked at each line break.
 */
export function codeEnd(options: CodeEndOptions): (generated: string) => number | undefined {
  const { syntax, place, start, isOpened } = options;
  const { languageId } = place;
  const context = {
    purpose: "block" as const,
    ...{ syntax, languageId, maxLines: Infinity },
    before: "",
    after: place.after,
    windowBefore: place.before.slice(-longestBefore) + start,
    windowAfter: place.after.slice(0, longestBefore),
  };
  if (isOpened) return (generated) => endOfBlock(generated, context);
  if (place.indent !== "" || place.isMidLine) {
    return (generated) =>
      endOfUnit(syntax, languageId, start, generated) ?? endByIndentation(generated, context);
  }
  return (generated) =>
    endOfUnit(syntax, languageId, start, generated) ?? endOfThing(generated, languageId);
}

/** The end of the first function or class that is whole, where the grammar's roles are known. */
function endOfUnit(
  syntax: CodeEndOptions["syntax"],
  languageId: string,
  start: string,
  generated: string,
): number | undefined {
  const code = start + generated;
  const unit = syntax
    .read(languageId, code)
    ?.units.find(
      ({ kind, parent, body, end }) =>
        parent === -1 && kind !== "field" && body.end > body.start && end > start.length,
    );
  if (unit === undefined) return undefined;
  const [tail = ""] = /^[ \t]*[;)]*/.exec(code.slice(unit.end)) ?? [];
  const end = unit.end + tail.trimEnd().length;
  if (isIndented(languageId) && !/\n\S/.test(code.slice(end))) return undefined;
  if (syntax.errorCount(languageId, code.slice(0, end)) !== 0) return undefined;
  return end - start.length;
}

/**
 * Without a grammar: the end of what has been opened and closed again, as soon as something new starts
 * at the margin after a blank line, and of anything before two blank lines.
 */
function endOfThing(generated: string, languageId: string): number | undefined {
  const lines = generated.split("\n");
  let offset = 0;
  let end = 0;
  let blanks = 0;
  let isInside = false;
  for (const line of lines.slice(0, -1)) {
    const isBlank = line.trim() === "";
    if (!isBlank && blanks > 0 && end > 0) {
      const isAtMargin = indentWidth(line) === 0 && !/^[)\]}]/.test(line);
      const isWhole = unmatchedBrackets(generated.slice(0, end), languageId).unclosed.length === 0;
      if (isAtMargin && isWhole && (isInside || blanks > 1)) return end;
    }
    if (isBlank) blanks++;
    else {
      blanks = 0;
      isInside ||= indentWidth(line) > 0 && !isCommentLine(line, languageId);
      if (!isCommentLine(line, languageId)) end = offset + line.trimEnd().length;
    }
    offset += line.length + 1;
  }
  return undefined;
}
