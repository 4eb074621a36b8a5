import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import treeSitter, { type Node, type Tree } from "@vscode/tree-sitter-wasm";
import type { CodeFunction, CodeReader } from "./bugs.ts";
import { pythonSites } from "./pythonSites.ts";

const wasmFolder = new URL(
  "../../../../node_modules/@vscode/tree-sitter-wasm/wasm/",
  import.meta.url,
);

function functionOf(node: Node): CodeFunction {
  const name = node.childForFieldName("name")?.text ?? "";
  return { name, start: node.startIndex, end: node.endIndex };
}

/**
 * Reads Python with the grammar alone, by code of its own. Trees live until `dispose`: read a file
 * and take its sites before the next one.
 * The runtime is one per process: dispose of this before the product's own parser is loaded.
 */
export async function createPythonReader(): Promise<CodeReader & { dispose(): void }> {
  const { Parser, Language } = treeSitter;
  await Parser.init({
    locateFile: (file: string) => fileURLToPath(new URL(file, wasmFolder)),
  });
  const bytes = await readFile(new URL("tree-sitter-python.wasm", wasmFolder));
  const parser = new Parser();
  parser.setLanguage(await Language.load(bytes));
  let last: Tree | null = null;
  const parse = (text: string): Tree => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error("The parser has no language.");
    return tree;
  };
  return {
    read(_path, text) {
      last?.delete();
      const tree = parse(text);
      last = tree;
      if (tree.rootNode.hasError) return undefined;
      const nodes = tree.rootNode.descendantsOfType("function_definition");
      return {
        functions: nodes.filter((node): node is Node => node !== null).map(functionOf),
        sitesIn: (start, end) =>
          pythonSites(tree.rootNode, start, end).filter(({ bugs }) =>
            bugs.every((bug) => bug.start >= start && bug.end <= end),
          ),
      };
    },
    parses(_path, text) {
      const tree = parse(text);
      const { hasError } = tree.rootNode;
      tree.delete();
      return !hasError;
    },
    dispose() {
      last?.delete();
      parser.delete();
    },
  };
}
