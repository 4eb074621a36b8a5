import { isCommentLine } from "../text/languages.ts";

/** A line that only brings names in, in the languages that generated code is mostly in. */
export const importLine =
  /^\s*(?:import\b|from\s+\S+\s+import\b|using\b|use\b|#\s*include\b|package\b|require\b|(?:const|let|var)\b.*=\s*require\()/;

/** Whether a text has imports and, comments aside, nothing else. */
export function isImportsOnly(code: string, languageId: string): boolean {
  const lines = code
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !isCommentLine(line, languageId));
  return lines.length > 0 && lines.every((line) => importLine.test(line));
}
