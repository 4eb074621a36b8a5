import ts from "typescript";
import type { CodeFunction, CodeReader } from "./bugs.ts";
import { scriptSites } from "./scriptSites.ts";

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isNamed ? parent.name.getText() : "";
}

function functionsIn(file: ts.SourceFile): CodeFunction[] {
  const found: CodeFunction[] = [];
  const visit = (node: ts.Node): void => {
    const hasBody = ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
    if (hasBody && ts.isBlock(node.body)) {
      const name = nameOf(node);
      found.push({ name, start: node.getStart(), end: node.end });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The compiler keeps a file's syntax errors in a field that its public type leaves out. */
function errorsOf(file: ts.SourceFile): number {
  return (file as ts.SourceFile & { readonly parseDiagnostics: readonly unknown[] })
    .parseDiagnostics.length;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Reads TypeScript and JavaScript with the TypeScript compiler's parser. */
export const scriptReader: CodeReader = {
  read(path, text) {
    const file = parse(path, text);
    if (errorsOf(file) > 0) return undefined;
    return {
      functions: functionsIn(file),
      sitesIn: (start, end) =>
        scriptSites(file, start, end).filter(({ bugs }) =>
          bugs.every((bug) => bug.start >= start && bug.end <= end),
        ),
    };
  },
  parses: (path, text) => errorsOf(parse(path, text)) === 0,
};
