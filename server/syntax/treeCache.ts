import type { Edit, Parser, Point, Tree } from "@vscode/tree-sitter-wasm";

/** Parses texts of one grammar, from the nearest of the last few trees where that saves work. */
export interface TreeCache {
  /** The tree of a text, valid until the next call; undefined where parsing it takes too long. */
  parse(text: string): Tree | undefined;
  /** A tree that is not kept and takes no other's place: the caller deletes it. */
  readonly parseOnce: (text: string) => Tree | undefined;
  clear(): void;
}

/** One for the code up to the cursor, one for the code around it, and one to spare. */
const MOST_TREES = 3;
/** A tree helps when at most this share of the text differs. */
const MOST_DIFFERENT = 0.25;

/** Longest a parse may take, in milliseconds; ordinary windows take one or two. */
const LONGEST_PARSE_MS = 50;
/** Questions that stay unanswered after a parse that took too long: the next text will be much like it. */
const PAUSE = 20;

interface Entry {
  text: string;
  tree: Tree;
}

/** How long a parse may take, in milliseconds, and for how many questions one that took longer is remembered. */
export interface Patience {
  readonly longestMs: number;
  readonly pause: number;
}

const whileTyping: Patience = { longestMs: LONGEST_PARSE_MS, pause: PAUSE };

/** Creates the cache of one parser; `now` gives milliseconds. */
export function createTreeCache(
  parser: Parser,
  now: () => number,
  patience: Patience = whileTyping,
): TreeCache {
  /** The latest first. */
  let entries: Entry[] = [];
  let paused = 0;

  /** Undefined where error recovery on hostile text (thousands of quotes) takes too long. */
  function parseInTime(text: string, base: Tree | null): Tree | undefined {
    const started = now();
    const tree = parser.parse(text, base, {
      progressCallback: () => now() - started > patience.longestMs,
    });
    if (tree !== null) return tree;
    parser.reset();
    paused = patience.pause;
    return undefined;
  }

  function keep(entry: Entry): Tree {
    entries.unshift(entry);
    for (const old of entries.splice(MOST_TREES)) old.tree.delete();
    return entry.tree;
  }

  function parseFrom(text: string): Tree | undefined {
    if (paused > 0) {
      paused--;
      return undefined;
    }
    const base = nearest(entries, text);
    const edited = base?.entry.tree.copy() ?? null;
    if (base !== undefined) {
      edited?.edit(editOf(base.entry.text, text, base.start, base.oldEnd, base.newEnd));
    }
    const tree = parseInTime(text, edited);
    edited?.delete();
    return tree;
  }

  return {
    parse(text) {
      const same = entries.find((entry) => entry.text === text);
      if (same) {
        entries = [same, ...entries.filter((entry) => entry !== same)];
        return same.tree;
      }
      const tree = parseFrom(text);
      return tree === undefined ? undefined : keep({ text, tree });
    },
    parseOnce: parseFrom,
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
