import type { Syntax } from "../syntax/syntaxService.ts";
import { windowAfter, windowBefore } from "../text/lines.ts";
import { importLine } from "./importLine.ts";

/** More of the top of a file than this is no list of imports. */
const longestImports = 2000;

/** The end of the text before the code, with the file's imports in front where they lie above it. */
export function shownBefore(
  syntax: Pick<Syntax, "read">,
  languageId: string,
  before: string,
  characters: number,
): string {
  if (before.length <= characters) return before;
  const imports = importsOf(syntax, languageId, before).slice(0, characters / 2);
  const window = windowBefore(before, Infinity, Math.max(0, characters - imports.length));
  if (imports === "" || before.indexOf(window) < imports.length) return window;
  return `${imports}\n${window}`;
}

/** The beginning of the text after the code. */
export function shownAfter(after: string, characters: number): string {
  return windowAfter(after, Infinity, characters);
}

function importsOf(syntax: Pick<Syntax, "read">, languageId: string, before: string): string {
  const head = before.slice(0, longestImports * 4);
  const spans = syntax.read(languageId, head)?.imports;
  const texts =
    spans?.map(({ start, end }) => head.slice(start, end)) ??
    head.split("\n").filter((line) => importLine.test(line));
  const kept: string[] = [];
  let length = 0;
  for (const text of texts) {
    length += text.length + 1;
    if (length > longestImports) break;
    kept.push(text.trimEnd());
  }
  return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
}
