import type { Node, Tree } from "@vscode/tree-sitter-wasm";

export type Place = "code" | "comment" | "string";

const STRING =
  /^(template_)?string|string_literal$|_string_literal$|^heredoc|^char_literal$|^raw_string/;
const CODE_IN_STRING = /substitution$|^interpolation$/;

/** What kind of place an offset is; the end of a line comment still belongs to the comment. */
export function placeOf(tree: Tree, text: string, offset: number): Place {
  // A cursor stands between two characters: the one before it decides, save at a string's closing quote.
  const before = tree.rootNode.descendantForIndex(Math.max(0, offset - 1), Math.max(0, offset - 1));
  for (let node: Node | null = before; node !== null; node = node.parent) {
    const { type } = node;
    if (CODE_IN_STRING.test(type)) return "code";
    if (type.includes("comment") && node.startIndex < offset) {
      const closed = text.slice(node.startIndex, node.endIndex).endsWith("*/");
      if (offset < node.endIndex || (!closed && offset === node.endIndex)) return "comment";
      return "code";
    }
    if (STRING.test(type) && node.startIndex < offset && offset < node.endIndex) return "string";
  }
  return "code";
}
