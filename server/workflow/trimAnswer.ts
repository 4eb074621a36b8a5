import { importLine } from "./importLine.ts";
import type { CodePlace } from "./place.ts";

/** Fewer characters may well stand twice. */
const fewestRepeated = 8;
const usage = /^(?:\/\/|#|--)\s*(?:example|usage|sample|test)\b/i;
const declaration =
  /^\s*(?:export\b|(?:async\s+)?(?:function|def|fn|func)\b|(?:class|interface|struct|type)\s)/m;

/**
 * Takes away what a model adds though it is told not to: what stands around the code, imports that are
 * there already, and an example of use at the end.
 */
export function trimAnswer(code: string, place: Pick<CodePlace, "before" | "after">): string {
  const lines = withoutUsage(code.trimEnd().split("\n"));
  const before = linesOf(place.before);
  const after = linesOf(place.after);
  let start = shared(before, lines);
  const known = new Set(before.filter((line) => importLine.test(line)).map((line) => line.trim()));
  while (start < lines.length) {
    const line = lines[start]?.trim() ?? "";
    const isRepeated = known.has(line) || (line === "" && start > 0);
    if (!isRepeated) break;
    start++;
  }
  const rest = lines.slice(start);
  const end = shared(rest, after);
  return rest
    .slice(0, rest.length - end)
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

/** How many of the last lines of one text are the first ones of the next. */
function shared(first: readonly string[], second: readonly string[]): number {
  for (let count = Math.min(first.length, second.length); count > 0; count--) {
    const end = first.slice(first.length - count);
    const isSame = end.every((line, at) => same(line, second[at]));
    if (isSame && end.join("").trim().length >= fewestRepeated) return count;
  }
  return 0;
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && a.trim() === b.trim();
}

function linesOf(text: string): string[] {
  const trimmed = text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  return trimmed === "" ? [] : trimmed.split("\n");
}

function withoutUsage(lines: string[]): string[] {
  const at = lines.findIndex((line) => usage.test(line));
  if (at <= 0 || declaration.test(lines.slice(at).join("\n"))) return lines;
  return lines.slice(0, at);
}

/** Whether code is nothing but lines of the tests that it was to pass. */
export function repeatsTests(code: string, tests: string | undefined): boolean {
  const known = new Set((tests ?? "").split("\n").map((line) => line.trim()));
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  const own = lines.filter((line) => !known.has(line.trim()));
  return tests !== undefined && lines.length > 0 && own.length === 0;
}
