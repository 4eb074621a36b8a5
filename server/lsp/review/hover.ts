import { MarkupKind, type Hover } from "vscode-languageserver/node";
import type { ReviewFinding } from "../../protocol/review.ts";
import { createLineIndex } from "../../text/positions.ts";
import { rulePageOf } from "./diagnostic.ts";

/** An alternative over more lines says too much for a hover. */
const mostLines = 6;

export interface HoverOptions {
  readonly finding: ReviewFinding;
  /** The text in which the finding stands. */
  readonly text: string;
  readonly languageId: string;
  readonly markdown: boolean;
  readonly productRoot: string;
}

/** What would be better, how much likelier, and why; clients show the diagnostic's message beside it. */
export function toHover(options: HoverOptions): Hover {
  const { finding, markdown } = options;
  const value = markdown ? markdownOf(options) : plainOf(options);
  const kind = markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value }, range: finding.range };
}

function markdownOf(options: HoverOptions): string {
  const { finding, languageId, productRoot } = options;
  const alternative = alternativeOf(options);
  const code = alternative === undefined ? [] : [fenced(alternative, languageId)];
  const page = `[${finding.rule}](${rulePageOf(finding.rule, productRoot)})`;
  return [
    ...code,
    escapeMarkdown(finding.why),
    `Confidence ${percent(finding.confidence)} · ${page}`,
  ].join("\n\n");
}

function plainOf(options: HoverOptions): string {
  const { finding } = options;
  const alternative = alternativeOf(options);
  return [
    ...(alternative === undefined ? [] : [alternative]),
    finding.why,
    `Confidence ${percent(finding.confidence)}, rule ${finding.rule}`,
  ].join("\n");
}

/** The lines that the fix changes, with the fix applied and the common indentation left out. */
function alternativeOf({ finding, text }: HoverOptions): string | undefined {
  const edits = finding.fix?.edits ?? [];
  if (edits.length === 0) return undefined;
  const index = createLineIndex(text);
  const first = Math.min(...edits.map(({ range }) => range.start.line));
  const last = Math.max(...edits.map(({ range }) => range.end.line));
  if (last - first >= mostLines) return undefined;
  const start = index.startOf(first);
  let fixed = text.slice(start, index.startOf(last + 1)).replace(/[\r\n]+$/, "");
  const offsets = edits.map(({ range, newText }) => ({
    from: index.offsetAt(range.start) - start,
    to: index.offsetAt(range.end) - start,
    newText,
  }));
  for (const { from, to, newText } of offsets.sort((a, b) => b.from - a.from)) {
    fixed = fixed.slice(0, from) + newText + fixed.slice(to);
  }
  const lines = fixed.split(/\r\n|\n|\r/);
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const indent = Math.min(...indents, ...(indents.length === 0 ? [0] : []));
  return lines.map((line) => line.slice(indent)).join("\n");
}

/** A fence longer than any run of backticks in the code. */
function fenced(code: string, languageId: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${languageId.replace(/[^\w-]/g, "")}\n${code}\n${fence}`;
}

/** Text of the code under review must not become markup; inline code is kept, for the names in it. */
function escapeMarkdown(text: string): string {
  return text
    .split(/(`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_{}[\]()#+!|<>~]/g, "\\$&")))
    .join("");
}

function percent(confidence: number): string {
  // Never a certainty that nobody has.
  return `${Math.min(99, Math.round(confidence * 100))}%`;
}
