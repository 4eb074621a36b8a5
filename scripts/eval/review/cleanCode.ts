import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { FittedCurve } from "../../../server/review/likelihood/curves.ts";
import { fetchSources } from "../fetchSources.ts";
import { seededRandom } from "../random.ts";
import { sourceFiles } from "../sampleLines.ts";
import { shuffle } from "./drawCases.ts";
import { findingsOf } from "./judgeCases.ts";
import { languageIdOf, measureLines, type MeasureOptions } from "./measureCases.ts";
import { reviewPackages } from "./packages.ts";

const longestFile = 60_000;

/**
 * Reviews whole published files of the test packages, drawn at random, until so many lines were
 * reviewed, and counts what would be shown at the default settings: all of it false alarms, as far as
 * published code is right.
 */
export async function reviewClean(
  wanted: number,
  measure: MeasureOptions,
  curve: FittedCurve,
  seed: number,
  onProgress: (text: string) => void,
): Promise<string[]> {
  const files: {
    path: string;
    folder: string;
    language: "typescript" | "javascript" | "python";
  }[] = [];
  for (const item of reviewPackages.filter(({ split }) => split === "test")) {
    const folder = await fetchSources(item);
    const { language } = item;
    for (const path of await sourceFiles(folder, item)) files.push({ path, folder, language });
  }
  let [lines, shown, tokens, milliseconds, reviewed] = [0, 0, 0, 0, 0];
  const byRule = new Map<string, number>();
  for (const { path, folder, language } of shuffle(files, seededRandom(seed))) {
    if (lines >= wanted) break;
    const text = await readFile(path, "utf8");
    if (text.length > longestFile || text.trim() === "") continue;
    const name = relative(folder, path).split(sep).join("/");
    const languageId = languageIdOf({ language, path: name });
    const document = { uri: `eval:///clean/${name}`, path: name, languageId, version: 1, text };
    const last = text.trimEnd().split("\n").length - 1;
    const version = await measureLines(document, { first: 0, last }, measure);
    for (const { rule, confidence } of findingsOf(version, curve)) {
      if (confidence < curve.threshold) continue;
      shown += 1;
      byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    }
    reviewed += 1;
    lines += version.lines;
    tokens += version.tokens;
    milliseconds += version.milliseconds;
    onProgress(`${lines} of ${wanted} lines, ${shown} findings`);
  }
  const rules = [...byRule].map(([rule, count]) => `${count} ${rule}`).join(", ");
  return [
    `clean code: ${lines} lines of ${reviewed} whole files of the test packages, default settings`,
    `  ${shown} findings, ${((shown / lines) * 400).toFixed(2)} in 400 lines${rules === "" ? "" : ` (${rules})`}`,
    `  ${(tokens / lines).toFixed(1)} tokens and ${(milliseconds / lines).toFixed(1)} ms a line`,
  ];
}
