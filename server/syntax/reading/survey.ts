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
    broken: ({ start, end }) => errors.some((error) => error.start < end && start < error.end),
    lost: ({ start, end }) => errors.some((error) => error.start <= start && end <= error.end),
  };
}
