import type { Edit, Parser, Point, Tree } from "@vscode/tree-sitter-wasm";

/** Parses texts of one grammar, from the nearest of the last few trees where that saves work. */
export interface TreeCache {
  /** The tree of a text; it belongs to the cache and is valid until the next call. */
  parse(text: string): Tree | undefined;
  clear(): void;
}

/** One for the code up to the cursor, one for the code around it, and one to spare. */
const MOST_TREES = 3;
/** A tree helps when at most this share of the text differs. */
const MOST_DIFFERENT = 0.25;

interface Entry {
  text: string;
  tree: Tree;
}

/** Creates the cache of one parser. */
export function createTreeCache(parser: Parser): TreeCache {
  /** The latest first. */
  let entries: Entry[] = [];

  function keep(entry: Entry): Tree {
    entries.unshift(entry);
    for (const old of entries.splice(MOST_TREES)) old.tree.delete();
    return entry.tree;
  }

  return {
    parse(text) {
      const same = entries.find((entry) => entry.text === text);
      if (same) {
        entries = [same, ...entries.filter((entry) => entry !== same)];
        return same.tree;
      }
      const base = nearest(entries, text);
      if (base === undefined) {
        const tree = parser.parse(text);
        return tree === null ? undefined : keep({ text, tree });
      }
      const edited = base.entry.tree.copy();
      edited.edit(editOf(base.entry.text, text, base.start, base.oldEnd, base.newEnd));
      const tree = parser.parse(text, edited);
      edited.delete();
      return tree === null ? undefined : keep({ text, tree });
    },
    clear() {
      for (const { tree } of entries) tree.delete();
      entries = [];
    },
  };
}

interface Base {
  readonly entry: Entry;
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

function nearest(entries: readonly Entry[], text: string): Base | undefined {
  let best: Base | undefined;
  let least = text.length * MOST_DIFFERENT;
  for (const entry of entries) {
    const base = compare(entry, text);
    const different = Math.max(base.oldEnd, base.newEnd) - base.start;
    if (different < least) {
      best = base;
      least = different;
    }
  }
  return best;
}

function compare(entry: Entry, text: string): Base {
  const old = entry.text;
  const shortest = Math.min(old.length, text.length);
  let start = 0;
  while (start < shortest && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let oldEnd = old.length;
  let newEnd = text.length;
  while (
    oldEnd > start &&
    newEnd > start &&
    old.charCodeAt(oldEnd - 1) === text.charCodeAt(newEnd - 1)
  ) {
    oldEnd--;
    newEnd--;
  }
  return { entry, start, oldEnd, newEnd };
}

function editOf(old: string, text: string, start: number, oldEnd: number, newEnd: number): Edit {
  return {
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: pointAt(text, start),
    oldEndPosition: pointAt(old, oldEnd),
    newEndPosition: pointAt(text, newEnd),
  };
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    line = at + 1;
  }
  return { row, column: offset - line };
}
