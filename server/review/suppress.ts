import { ruleIds, type Range, type ReviewFinding, type RuleId } from "../protocol/review.ts";
import { indentOf } from "../text/indentation.ts";
import { commentMarkers } from "./commentSyntax.ts";
import { linesOf } from "./lines.ts";

/*
 * Comments that keep findings away:
 *   starcoder-ignore-next-line [rule …]   the line below
 *   starcoder-ignore-line [rule …]        the line it stands on
 *   starcoder-ignore-file [rule …]        the whole document, wherever it stands
 * Rules are named by their id, with or without `starcoder/`, parted by spaces or commas; none named:
 * all. What follows `--` or `:` is a reason for people.
 */

/** Which findings a text's own comments keep away. */
export interface Suppressions {
  /** All rules in all of the document: nothing needs to be looked at. */
  readonly all: boolean;
  isSuppressed(rule: RuleId, range: Range): boolean;
}

type Rules = ReadonlySet<string> | "all";

/** Where a comment of ours may begin: as the language writes comments, so that no string is taken for one. */
function markOf(languageId: string): RegExp {
  const [own] = commentMarkers(languageId);
  const starts = [
    own,
    ...(own === "#" ? [] : ["//", "/*"]),
    ...(languageId === "php" ? ["#"] : []),
  ];
  const any = starts.map((start) => start.replace(/[^\w\s]/g, "\\$&")).join("|");
  return new RegExp(`(?:${any}|^\\s*\\*)\\s*starcoder-ignore-(next-line|line|file)\\b([^\\n]*)`);
}

/** Reads the comments of a text. */
export function readSuppressions(lines: readonly string[], languageId: string): Suppressions {
  const mark = markOf(languageId);
  const byLine = new Map<number, Rules>();
  let file: Rules | undefined;
  lines.forEach((line, i) => {
    if (!line.includes("starcoder-ignore-")) return;
    const [, where, rest = ""] = mark.exec(line) ?? [];
    if (where === undefined) return;
    const rules = rulesIn(rest);
    if (where === "file") file = join(file, rules);
    else {
      const at = where === "line" ? i : nextCodeLine(lines, i);
      byLine.set(at, join(byLine.get(at), rules));
    }
  });
  return {
    all: file === "all",
    isSuppressed(rule, { start, end }) {
      if (covers(file, rule)) return true;
      if (byLine.size === 0) return false;
      // A range that ends before a line's first character does not stand on that line.
      const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
      for (let line = start.line; line <= last; line++) {
        if (covers(byLine.get(line), rule)) return true;
      }
      return false;
    },
  };
}

/** Several comments may stand above one line. */
function nextCodeLine(lines: readonly string[], from: number): number {
  let line = from + 1;
  while (line < lines.length && /\bstarcoder-ignore-next-line\b/.test(lines[line] ?? "")) line++;
  return line;
}

function covers(rules: Rules | undefined, rule: RuleId): boolean {
  return rules === "all" || (rules?.has(shortOf(rule)) ?? false);
}

function join(a: Rules | undefined, b: Rules): Rules {
  if (a === undefined) return b;
  return a === "all" || b === "all" ? "all" : new Set([...a, ...b]);
}

function rulesIn(rest: string): Rules {
  const known = new Set(ruleIds.map(shortOf));
  const [named = ""] = rest.split(/\s--|:|\*\/|-->|\*\)/);
  const words = named.split(/[\s,]+/).filter((word) => word !== "");
  // A misspelt rule must not become "all rules".
  return words.length === 0 ? "all" : new Set(words.map(shortOf).filter((word) => known.has(word)));
}

function shortOf(rule: string): string {
  return rule.replace(/^starcoder\//, "");
}

/** An insertion that suppresses a finding, as a text edit of the document. */
export interface SuppressionEdit {
  readonly range: Range;
  readonly newText: string;
}

/** What keeps a finding away by a comment above its line, or at the document's head. */
export function suppressionEdit(
  document: { readonly languageId: string; readonly text: string },
  finding: Pick<ReviewFinding, "rule" | "range">,
  where: "line" | "file",
): SuppressionEdit {
  const lines = linesOf(document.text);
  const lineBreak = document.text.includes("\r\n") ? "\r\n" : "\n";
  const line = where === "file" ? headEnd(lines) : finding.range.start.line;
  const indent = where === "file" ? "" : indentOf(lines[line] ?? "");
  const [before, after] = commentMarkers(document.languageId);
  const words = `starcoder-ignore-${where === "file" ? "file" : "next-line"}`;
  const at = { line, character: 0 };
  return {
    range: { start: at, end: at },
    newText: `${indent}${before} ${words} ${shortOf(finding.rule)}${after}${lineBreak}`,
  };
}

/** The line after those that must stay first: an interpreter's, an encoding's, PHP's opening. */
function headEnd(lines: readonly string[]): number {
  let line = 0;
  if (lines[line]?.startsWith("#!")) line++;
  if (/^#.*coding[:=]/.test(lines[line] ?? "")) line++;
  if (/^<\?(php|xml)\b[^?]*(\?>)?\s*$/.test(lines[line] ?? "")) line++;
  return line;
}
