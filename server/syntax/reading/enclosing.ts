import type { PlainNode } from "./plainTree.ts";

/** What encloses nodes, such as scopes, by number. Those around are added before those within. */
export interface Enclosing {
  add(node: PlainNode, index: number): void;
  /** Of the node itself or the nearest one around it; -1: none. */
  readonly at: (node: PlainNode | undefined) => number;
}

/** Creates an empty one. Remembers what it found out: trees may be thousands of nodes deep. */
export function createEnclosing(): Enclosing {
  const known = new Map<PlainNode, number>();
  return {
    add: (node, index) => known.set(node, index),
    at(node) {
      let around = node;
      while (around !== undefined && !known.has(around)) around = around.parent;
      const index = around === undefined ? -1 : (known.get(around) ?? -1);
      for (let below = node; below !== undefined && below !== around; below = below.parent) {
        known.set(below, index);
      }
      return index;
    },
  };
}
