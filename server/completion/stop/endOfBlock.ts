import { unmatchedBrackets } from "../../text/brackets.ts";
import { indentWidth } from "../../text/indentation.ts";
import { isIndented, opensBlock } from "../../text/languages.ts";
import { currentLine } from "../../text/lines.ts";
import type { StopContext } from "./stopContext.ts";

/**
 * Where the block that is being generated ends, or undefined while it goes on. The enclosing block's end is
 * found by tree-sitter, without a grammar by brackets; parses, so ask once a line.
 */
export function endOfBlock(text: string, context: StopContext): number | undefined {
  return least(closedAt(text, context), endByIndentation(text, context));
}

/**
 * The same by indentation alone, known as soon as a line has its first character: a line that is indented less
 * than the block, or, unless the block was empty before, a paragraph at the block's own indentation.
 */
export function endByIndentation(text: string, context: StopContext): number | undefined {
  return least(dedentedAt(text, context), paragraphAt(text, context));
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Where the bracket (or keyword) that encloses the cursor is closed within the text. */
function closedAt(text: string, context: StopContext): number | undefined {
  const start = context.windowBefore.length;
  const parsed = context.syntax.blockEnd(context.languageId, context.windowBefore + text, start);
  let end: number;
  if (parsed !== undefined) end = parsed - start;
  else {
    const [closer] = unmatchedBrackets(text, context.languageId).unopened;
    if (closer === undefined) return undefined;
    end = closer.offset + 1;
  }
  if (end >= text.length || end < 0) return undefined;
  if (isIndented(context.languageId) && !/[)\]}]$/.test(text.slice(0, end))) return end;
  return closesAgain(text, end, context) ? beforeCloser(text, end) : pastClosers(text, end);
}

/** Whether what stands after the cursor already closes the block. */
function closesAgain(text: string, end: number, context: StopContext): boolean {
  const lineStart = text.lastIndexOf("\n", end - 1) + 1;
  const closer = text.slice(lineStart, end).trim();
  const next = context.windowAfter.trimStart();
  if (next === "" || closer === "") return false;
  if (!next.startsWith(closer.slice(-1)) && !next.startsWith(closer)) return false;
  // The same line: it is the cursor's own bracket. Another line: only if it is indented alike.
  const lead = context.windowAfter.slice(0, context.windowAfter.length - next.length);
  if (!lead.includes("\n")) return true;
  return (
    lineStart === 0 ||
    indentWidth(text.slice(lineStart)) === indentWidth(lead.slice(lead.lastIndexOf("\n") + 1))
  );
}

/** The end of the line before the closing one, or just before the closer on the first line. */
function beforeCloser(text: string, end: number): number {
  const closer = /\w+$|.$/.exec(text.slice(0, end))?.[0] ?? "";
  const start = end - closer.length;
  const lineStart = text.lastIndexOf("\n", start - 1);
  return lineStart >= 0 && text.slice(lineStart, start).trim() === "" ? lineStart : start;
}

/** Takes along what else the closing line closes: `});`. */
function pastClosers(text: string, end: number): number {
  return end + (/^[)\]};,]*/.exec(text.slice(end))?.[0].length ?? 0);
}

/** Columns the lines of the block are indented by at least. */
function baseIndent(context: StopContext): number {
  const line = currentLine(context.windowBefore);
  if (line.trim() !== "") {
    return indentWidth(line) + (opensBlock(line, context.languageId) ? 1 : 0);
  }
  const opener = openerAbove(context);
  // On an empty line at the margin it is the opening line that tells how deep the body is.
  return Math.max(indentWidth(line), opener === undefined ? 0 : indentWidth(opener) + 1);
}

/** The end of the block's last line, when a complete line is indented less than the block. */
function dedentedAt(text: string, context: StopContext): number | undefined {
  const base = baseIndent(context);
  let offset = text.indexOf("\n") + 1;
  while (offset > 0 && offset < text.length) {
    const end = text.indexOf("\n", offset);
    const line = text.slice(offset, end < 0 ? text.length : end);
    const started = end >= 0 || line.trim() !== "";
    if (
      started &&
      line.trim() !== "" &&
      indentWidth(line) < base &&
      !/^\s*([)\]}]|end\b)/.test(line)
    ) {
      return text.slice(0, offset).trimEnd().length;
    }
    offset = end + 1;
  }
  return undefined;
}

/** The end of the first paragraph, where the generation did not open a body of its own. */
function paragraphAt(text: string, context: StopContext): number | undefined {
  if (openerAbove(context) !== undefined) return undefined;
  const base = indentWidth(currentLine(context.windowBefore));
  let end: number | undefined;
  let blank = false;
  let offset = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") blank = true;
    else {
      if (blank && end !== undefined && indentWidth(line) <= base) return end;
      blank = false;
      end = offset + line.trimEnd().length;
    }
    offset += line.length + 1;
  }
  return undefined;
}

function openerAbove({ windowBefore, languageId }: StopContext): string | undefined {
  const above = windowBefore.split("\n").findLast((line) => line.trim() !== "");
  return above !== undefined && opensBlock(above, languageId) ? above : undefined;
}
