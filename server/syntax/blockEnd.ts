import type { Tree, TreeCursor } from "@vscode/tree-sitter-wasm";
import { indentWidth } from "../text/indentation.ts";
import { isIndented } from "../text/languages.ts";
import { lineStart } from "../text/lines.ts";
import { BLOCK_KEYWORDS, grammarOf } from "./grammars.ts";

const OPENERS = new Set(["{", "(", "[", "${", "#{", "#[", "@{"]);
const CLOSERS = new Set(["}", ")", "]"]);

/**
 * Offset just after the token that closes the block open at `from` (indented languages: the end of the
 * block's last line), or undefined while it is open. Reads tokens from `from` on, so that code that does not
 * parse yet, which generated code never does half way, is understood as well as code that does.
 */
export function findBlockEnd(
  tree: Tree,
  languageId: string,
  text: string,
  from: number,
): number | undefined {
  const keywords = BLOCK_KEYWORDS[grammarOf(languageId) ?? ""];
  let depth = 0;
  let ended: number | undefined;
  const lineStarts = new Set<number>();
  eachToken(tree, from, (cursor) => {
    const type = cursor.nodeType;
    if (isIndented(languageId) && depth === 0) lineStarts.add(lineStart(text, cursor.startIndex));
    // A missing token is what the parser wishes for, not what is there.
    if (cursor.startIndex < from || cursor.nodeIsMissing) return true;
    if (OPENERS.has(type)) depth++;
    else if (CLOSERS.has(type)) depth--;
    else if (keywords?.open.has(type) === true && !isModifier(cursor)) depth++;
    else if (keywords?.close.has(type) === true) depth--;
    if (depth >= 0) return true;
    ended = cursor.endIndex;
    return false;
  });
  if (!isIndented(languageId)) return ended;
  return dedent(text, from, lineStarts) ?? ended;
}

/** `x if y` has no `end`: its keyword is not the first child of its node. */
function isModifier(cursor: TreeCursor): boolean {
  const parent = cursor.currentNode.parent;
  return parent !== null && parent.startIndex !== cursor.startIndex && /modifier/.test(parent.type);
}

/** End of the last line before the first one that is indented less than the block at `from`. */
function dedent(text: string, from: number, lineStarts: ReadonlySet<number>): number | undefined {
  const start = lineStart(text, from);
  const own = text.slice(start, from);
  const opens = own.trim() !== "";
  const least = indentWidth(own) + (opens ? 1 : 0);
  for (const at of [...lineStarts].sort((a, b) => a - b)) {
    if (at <= start) continue;
    const line = text.slice(at, text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at));
    if (line.trim() === "" || indentWidth(line) >= least) continue;
    return text.slice(0, at).trimEnd().length;
  }
  return undefined;
}

/** Calls back for each leaf that ends after `from`, in order, until the callback says no. */
function eachToken(tree: Tree, from: number, visit: (cursor: TreeCursor) => boolean): void {
  const cursor = tree.walk();
  try {
    while (true) {
      if (cursor.endIndex > from || cursor.endIndex === cursor.startIndex) {
        if (cursor.gotoFirstChild()) continue;
        if (cursor.endIndex > from && !visit(cursor)) return;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return;
      }
    }
  } finally {
    cursor.delete();
  }
}
