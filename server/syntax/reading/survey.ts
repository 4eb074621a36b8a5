import type { Tree } from "@vscode/tree-sitter-wasm";
import type { Span } from "../reading.ts";
import { brokenSpans } from "./brokenSpans.ts";
import type { LanguageTable } from "./languageTable.ts";
import { plainNodes, type PlainNode } from "./plainTree.ts";

/** What every collector works on. */
export interface Survey {
  readonly text: string;
  readonly table: LanguageTable;
  readonly nodes: readonly PlainNode[];
  readonly errors: readonly Span[];
  readonly comments: readonly PlainNode[];
  /** Named nodes of these types, in the text's order. */
  readonly ofTypes: (types: Iterable<string>) => readonly PlainNode[];
  readonly textOf: (span: Span) => string;
  /** Whether the node stands where a type does. */
  readonly inType: (node: PlainNode) => boolean;
  /** Whether any of it lies in a syntax error. */
  readonly broken: (span: Span) => boolean;
  /** Whether all of it lies in a syntax error. */
  readonly lost: (span: Span) => boolean;
}

/** Walks the tree once. `hidden`: what was left out of the text that was parsed. */
export function survey(
  tree: Tree,
  table: LanguageTable,
  text: string,
  hidden: readonly Span[],
): Survey {
  const nodes = plainNodes(tree);
  const errors = brokenSpans(nodes, table, text, hidden);
  const types = new Uint8Array(nodes.length);
  const byType = new Map<string, PlainNode[]>();
  for (const node of nodes) {
    const around = node.parent === undefined ? 0 : (types[node.parent.index] ?? 0);
    types[node.index] = around || (node.named && table.types.has(node.type) ? 1 : 0);
    if (!node.named) continue;
    const same = byType.get(node.type);
    if (same === undefined) byType.set(node.type, [node]);
    else same.push(node);
  }
  const ofTypes = (wanted: Iterable<string>): readonly PlainNode[] =>
    [...wanted].flatMap((type) => byType.get(type) ?? []).sort((a, b) => a.index - b.index);
  return {
    text,
    table,
    nodes,
    errors,
    ofTypes,
    comments: ofTypes([...byType.keys()].filter((type) => type.includes("comment"))),
    textOf: ({ start, end }) => text.slice(start, end),
    inType: ({ index }) => types[index] === 1,
    broken: ({ start, end }) => (lastBefore(errors, end)?.end ?? 0) > start,
    lost: ({ start, end }) => {
      const error = lastBefore(errors, end);
      return error !== undefined && error.start <= start && end <= error.end;
    },
  };
}

/** The last span that begins before an offset; they are ascending and apart from each other. */
function lastBefore(spans: readonly Span[], offset: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return spans[low - 1];
}
