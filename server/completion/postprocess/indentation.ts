import { indentOf, indentUnit, indentWidth } from "../../text/indentation.ts";
import { opensBlock } from "../../text/languages.ts";
import { currentLine, previousLine } from "../../text/lines.ts";
import type { FilterContext } from "./filter.ts";

/** Makes the suggestion's indentation that of the document: its unit, and not the cursor's indent twice. */
export function indentation(text: string, context: FilterContext): string {
  const unit = indentUnit(context.before) ?? indentUnit(context.after);
  return firstIndent(unit === undefined ? text : inUnit(text, unit, context), unit, context);
}

/** A model that indents again what the editor has already indented. */
function firstIndent(text: string, unit: string | undefined, context: FilterContext): string {
  const line = currentLine(context.before);
  const own = indentOf(text);
  if (line === "" || line.trim() !== "" || own === "" || text.slice(own.length).startsWith("\n")) {
    return text;
  }
  const above = previousLine(context.before);
  if (above === undefined) return text;
  const step = opensBlock(above, context.languageId) ? indentWidth(unit ?? "    ") : 0;
  const expected = indentWidth(above) + step;
  if (indentWidth(line + own) <= expected || indentWidth(line) > expected) return text;
  if (indentWidth(line) === expected || own === line) return text.slice(own.length);
  return text;
}

/** Turns leading spaces into tabs, or tabs into the document's spaces, on all lines but the cursor's. */
function inUnit(text: string, unit: string, { before }: FilterContext): string {
  const lines = text.split("\n");
  const onBlankLine = currentLine(before) === "";
  const spaces = indentUnit(text);
  const step = spaces !== undefined && spaces !== "\t" ? spaces.length : 4;
  return lines
    .map((line, i) => {
      if (i === 0 && !onBlankLine) return line;
      const indent = indentOf(line);
      if (unit === "\t" ? !indent.includes(" ") : !indent.includes("\t")) return line;
      const width = indentWidth(indent, unit === "\t" ? step : unit.length);
      const turned =
        unit === "\t"
          ? "\t".repeat(Math.floor(width / step)) + " ".repeat(width % step)
          : " ".repeat(width);
      return turned + line.slice(indent.length);
    })
    .join("\n");
}
