import type { Span } from "../reading.ts";
import type { LanguageTable } from "./languageTable.ts";
import { isComment, type PlainNode } from "./plainTree.ts";
import { entry } from "./entry.ts";

/** Nodes that were understood as a whole although an error is around them. */
const WHOLE = /(_statement|_declaration|_definition|_item|_directive)$/;
const MARK = /^(?:<{7}|>{7})(?: .*)?$/gm;

/** Merge conflicts, from their first mark to their last. */
export function conflicts(text: string): readonly Span[] {
  const found: Span[] = [];
  let start: number | undefined;
  for (const { index, 0: line } of text.matchAll(MARK)) {
    if (line.startsWith("<")) start ??= index;
    else if (start !== undefined) {
      found.push({ start, end: index + line.trimEnd().length });
      start = undefined;
    }
  }
  return found;
}

/**
 * What is not to be trusted: error and missing nodes, widened to the lines of the statement around them, and
 * what was hidden. Ascending, apart from each other.
 */
export function brokenSpans(
  nodes: readonly PlainNode[],
  table: LanguageTable,
  text: string,
  hidden: readonly Span[],
): readonly Span[] {
  const found: Span[] = [...hidden];
  for (const node of nodes) {
    if (node.missing) found.push(linesOf(statementAround(node, nodes, table), text));
    else if (node.type === "ERROR" && node.named) {
      for (const piece of pieces(node, table, text)) {
        const around = node.parent === undefined ? piece : statementAround(node, nodes, table);
        found.push(linesOf(around === node ? piece : union(around, piece), text));
      }
    }
  }
  return merged(found);
}

/** An error's text without the statements within it that were understood. */
function pieces(error: PlainNode, table: LanguageTable, text: string): readonly Span[] {
  const found: Span[] = [];
  let start = error.start;
  const close = (end: number): void => {
    const part = text.slice(start, end);
    const trimmed = part.trim();
    if (trimmed === "") return;
    const first = start + part.indexOf(trimmed);
    found.push({ start: first, end: first + trimmed.length });
  };
  for (const node of error.children) {
    const isWhole = WHOLE.test(node.type) || entry(table.units, node.type) !== undefined;
    if (!isComment(node) && !(node.named && isWhole)) continue;
    close(node.start);
    start = node.end;
  }
  close(error.end);
  return found;
}

/** The statement that a node belongs to where that holds no statements of its own, else the node. */
function statementAround(
  node: PlainNode,
  nodes: readonly PlainNode[],
  table: LanguageTable,
): PlainNode {
  let statement = node;
  while (statement.parent?.parent !== undefined && !table.blocks.has(statement.parent.type)) {
    statement = statement.parent;
    if (statement.type === "ERROR") return node;
  }
  for (let index = statement.index; index < statement.after; index++) {
    if (table.blocks.has(nodes[index]?.type ?? "")) return node;
  }
  return statement;
}

function union(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function linesOf(span: Span, text: string): Span {
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = text.indexOf("\n", Math.max(span.start, span.end - 1));
  return { start: span.start === 0 ? 0 : start, end: end < 0 ? text.length : end };
}

function merged(spans: Span[]): readonly Span[] {
  spans.sort((a, b) => a.start - b.start);
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end + 1)
      result[result.length - 1] = union(last, span);
    else result.push(span);
  }
  return result;
}
