import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { EvalLanguage, EvalPackage } from "./packages.ts";
import { drawBelow, seededRandom, seedOf } from "./random.ts";

/** One place in a real file: what is before the cursor, the rest of its line, and what follows. */
export interface EvalLine {
  readonly id: string;
  readonly package: string;
  readonly split: EvalPackage["split"];
  readonly language: EvalLanguage;
  /** Path inside the package, with `/`. */
  readonly path: string;
  /** Text of the window up to the cursor; ends inside the line. */
  readonly before: string;
  /** What the author wrote from the cursor to the line's end, without trailing blanks. */
  readonly truth: string;
  /** Text of the window after the line: starts with its line break, or is empty at the file's end. */
  readonly after: string;
}

export interface WindowSize {
  readonly above: number;
  readonly below: number;
}

const extensions: Readonly<Record<EvalLanguage, RegExp>> = {
  typescript: /\.tsx?$/,
  javascript: /\.(js|mjs|cjs)$/,
  python: /\.py$/,
};

const notSource =
  /\.d\.ts$|\.min\.|(^|\/)(dist|build|test|tests|__tests__|spec|vendor|node_modules)\/|\.(test|spec)\./;

const longestLine = 160;
const longestFile = 400_000;

/**
 * Which lines can be asked about: code with at least one word character, no blank lines, no lines
 * that are only a comment and none inside a Python docstring: the gate judges code.
 */
export function codeLines(language: EvalLanguage, lines: readonly string[]): number[] {
  const found: number[] = [];
  let closing: string | undefined;
  lines.forEach((line, index) => {
    const text = line.trim();
    if (closing !== undefined) {
      if (text.includes(closing)) closing = undefined;
      return;
    }
    const opening =
      language === "python" ? /^[rRbBuU]?("""|''')/.exec(text)?.[1] : /^\/\*/.exec(text)?.[0];
    if (opening !== undefined) {
      const end = opening === "/*" ? "*/" : opening;
      if (text.indexOf(end, text.indexOf(opening) + opening.length) < 0) closing = end;
      return;
    }
    const comment = language === "python" ? /^#/ : /^\/\//;
    if (comment.test(text) || !/\w/.test(text) || line.length > longestLine) return;
    found.push(index);
  });
  return found;
}

/** The place at `column` of line `index`, with its window. */
export function cutLine(
  lines: readonly string[],
  index: number,
  column: number,
  window: WindowSize,
): Pick<EvalLine, "before" | "truth" | "after"> {
  const line = lines[index] ?? "";
  const above = lines.slice(Math.max(0, index - window.above), index).map((text) => `${text}\n`);
  const below = lines.slice(index + 1, index + 1 + window.below).map((text) => `\n${text}`);
  return {
    before: above.join("") + line.slice(0, column),
    truth: line.slice(column).trimEnd(),
    after: below.join(""),
  };
}

/** The source files of a package that people wrote, sorted. */
export async function sourceFiles(folder: string, item: EvalPackage): Promise<string[]> {
  const root = join(folder, item.sources);
  const pattern = extensions[item.language];
  if (pattern.test(item.sources)) return [root];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !notSource.test(relative(folder, path).split(sep).join("/")))
    .sort();
}

/**
 * `count` places of a package at random lines and columns; the same for the same seed and version.
 * A place is drawn once only; a package with fewer lines of code gives fewer.
 */
export async function sampleLines(
  item: EvalPackage,
  folder: string,
  count: number,
  window: WindowSize,
  seed: number,
): Promise<EvalLine[]> {
  const random = seededRandom(seed ^ seedOf(`${item.registry}:${item.name}`));
  const places: { path: string; lines: readonly string[]; index: number }[] = [];
  for (const path of await sourceFiles(folder, item)) {
    const text = (await readFile(path, "utf8")).replace(/\r\n?/g, "\n");
    if (text.length > longestFile) continue;
    const lines = text.split("\n");
    const name = relative(folder, path).split(sep).join("/");
    for (const index of codeLines(item.language, lines)) places.push({ path: name, lines, index });
  }
  const drawn: EvalLine[] = [];
  while (drawn.length < count && places.length > 0) {
    const [place] = places.splice(drawBelow(places.length, random), 1);
    if (place === undefined) break;
    const line = (place.lines[place.index] ?? "").trimEnd();
    const indent = line.length - line.trimStart().length;
    const column = indent + drawBelow(line.length - indent, random);
    drawn.push({
      id: `${item.name}/${place.path}:${place.index + 1}:${column + 1}`,
      package: item.name,
      split: item.split,
      language: item.language,
      path: place.path,
      ...cutLine(place.lines, place.index, column, window),
    });
  }
  return drawn;
}
