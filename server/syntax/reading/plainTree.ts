import type { Tree } from "@vscode/tree-sitter-wasm";
import type { Span } from "../reading.ts";

/** A node of the syntax tree as plain data: reading it costs no call into the parser. */
export interface PlainNode extends Span {
  readonly type: string;
  /** Named by the grammar's rules; the others are keywords and punctuation. */
  readonly named: boolean;
  /** What it is to its parent, such as `left`; empty where the grammar does not say. */
  readonly field: string;
  readonly parent: PlainNode | undefined;
  readonly children: readonly PlainNode[];
  /** Place among its parent's children. */
  readonly position: number;
  /** Place in the tree's order, parents first. */
  readonly index: number;
  /** Index of the first node after its last descendant. */
  readonly after: number;
  /** Wished for by the parser, not in the text. */
  readonly missing: boolean;
}

interface Growing extends PlainNode {
  children: Growing[];
  after: number;
}

/** Most nodes have none. */
const NO_CHILDREN: Growing[] = [];

/** All nodes of a tree, parents first; the first is the root. One walk. */
export function plainNodes(tree: Tree): readonly PlainNode[] {
  const { types, fields } = tree.language;
  const named = new Map<number, boolean>();
  const nodes: Growing[] = [];
  const cursor = tree.walk();

  function isNamed(typeId: number): boolean {
    let known = named.get(typeId);
    if (known === undefined) {
      named.set(typeId, (known = cursor.nodeIsNamed));
    }
    return known;
  }

  function add(parent: Growing | undefined): Growing {
    const typeId = cursor.nodeTypeId;
    const fieldId = cursor.currentFieldId;
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    const node: Growing = {
      type: types[typeId] ?? "ERROR",
      named: isNamed(typeId),
      field: fieldId === 0 ? "" : (fields[fieldId] ?? ""),
      start,
      end,
      parent,
      children: NO_CHILDREN,
      position: parent?.children.length ?? 0,
      index: nodes.length,
      after: 0,
      missing: start === end && cursor.nodeIsMissing,
    };
    nodes.push(node);
    if (parent === undefined) return node;
    if (parent.children === NO_CHILDREN) parent.children = [node];
    else parent.children.push(node);
    return node;
  }

  try {
    let node = add(undefined);
    walk: while (true) {
      if (cursor.gotoFirstChild()) {
        node = add(node);
        continue;
      }
      node.after = nodes.length;
      while (!cursor.gotoNextSibling()) {
        if (node.parent === undefined || !cursor.gotoParent()) break walk;
        node = node.parent as Growing;
        node.after = nodes.length;
      }
      node = add(node.parent as Growing);
    }
  } finally {
    cursor.delete();
  }
  return nodes;
}

/** The child of a field, or undefined; punctuation never counts, a keyword such as `this` does. */
export function child(node: PlainNode | undefined, field: string): PlainNode | undefined {
  return node?.children.find(
    (each) => each.field === field && (each.named || /^\w/.test(each.type)),
  );
}

/** Whether a keyword or mark stands directly in the node. */
export function hasToken(node: PlainNode, token: string): boolean {
  return node.children.some((each) => each.type === token && !each.named);
}

/** Children that are not punctuation, keywords or comments. */
export function namedChildren(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((each) => each.named && !isComment(each));
}

export function isComment(node: PlainNode): boolean {
  return node.named && node.type.includes("comment");
}

/** Where the node stands, without its ties to the tree. */
export function spanOf({ start, end }: Span): Span {
  return { start, end };
}
