import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const table = z
  .object({
    pure: z.array(z.string()),
    nodeLlamaCpp: z.array(z.string()),
    vscode: z.array(z.string()),
    mayImport: z.record(z.string(), z.array(z.string())),
    typeOnly: z.record(z.string(), z.array(z.string())),
  })
  .parse(JSON.parse(readFileSync(join(root, "scripts/rooms.json"), "utf8")));

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every module that a source names: imports, re-exports, `import()` and `require()`. */
function importsOf(text: string): Import[] {
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ specifier: node.moduleSpecifier.text, typeOnly });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      if (ts.isStringLiteral(node.moduleSpecifier)) {
        found.push({ specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly });
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) {
        found.push({ specifier: node.argument.literal.text, typeOnly: true });
      }
    } else if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const loads =
        node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === "require");
      if (loads && argument !== undefined && ts.isStringLiteral(argument)) {
        found.push({ specifier: argument.text, typeOnly: false });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The room a file lies in; `undefined` when it lies in none. Paths relative to the root, with `/`. */
function roomOf(path: string): string | undefined {
  const [top, second, third] = path.split("/");
  if (top === "server") return third === undefined ? undefined : `server/${second ?? ""}`;
  return top;
}

/** What a file's imports break of the table. */
function violations(path: string, text: string): string[] {
  const room = roomOf(path);
  const allowed = room === undefined ? undefined : table.mayImport[room];
  if (room === undefined || allowed === undefined) return [`${path} lies in no room`];
  return importsOf(text).flatMap(({ specifier, typeOnly }) => {
    const where = `${path} imports ${specifier}`;
    if (specifier.startsWith(".")) {
      const target = relative(root, join(root, dirname(path), specifier))
        .split("\\")
        .join("/");
      if (/^(media|prompts)\//.test(target)) return [];
      const other = roomOf(target);
      if (other === room) return [];
      if (other === undefined || !allowed.includes(other)) return [`${where}: not allowed`];
      const typesAlone = table.typeOnly[room]?.includes(other) ?? false;
      return typesAlone && !typeOnly ? [`${where}: types alone are allowed`] : [];
    }
    const [name = ""] = specifier.split("/");
    if (name === "node-llama-cpp" && !table.nodeLlamaCpp.includes(room)) return [where];
    if (name === "vscode" && !table.vscode.includes(room)) return [where];
    const builtin = specifier.startsWith("node:") || builtinModules.includes(specifier);
    return builtin && table.pure.includes(room) ? [`${where}: the room is pure`] : [];
  });
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|js|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split("\\").join("/"));
}

describe("the import table", () => {
  it("holds for every file", () => {
    const files = ["server", "extension", "media"].flatMap(sourcesUnder);
    expect(files.length).toBeGreaterThan(20);
    const broken = files.flatMap((path) =>
      violations(path, readFileSync(join(root, path), "utf8")),
    );
    expect(broken).toEqual([]);
  });

  it("names rooms alone, and never one in a circle", () => {
    const rooms = Object.keys(table.mayImport);
    const named = [...table.pure, ...Object.values(table.mayImport).flat()];
    expect(named.filter((name) => !rooms.includes(name))).toEqual([]);
    const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
      (table.mayImport[from] ?? []).some(
        (next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))),
      );
    expect(rooms.filter((room) => reaches(room, room, new Set()))).toEqual([]);
  });

  it.each([
    ["a file outside every room", "server/stray.ts", ""],
    ["a room without an entry", "server/attic/old.ts", ""],
    ["an import that the table lacks", "server/text/a.ts", 'import { x } from "../lsp/x.ts";'],
    ["a re-export", "server/text/a.ts", 'export * from "../lsp/x.ts";'],
    ["a type import", "server/text/a.ts", 'type X = import("../lsp/x.ts").X;'],
    ["a Node builtin in a pure room", "server/text/a.ts", 'import { join } from "path";'],
    ["a lazy one", "server/review/a.ts", 'const fs = await import("node:fs");'],
    ["node-llama-cpp outside the host", "server/lsp/a.ts", 'import { x } from "node-llama-cpp";'],
    ["vscode in the server", "server/lsp/a.ts", 'import * as vscode from "vscode";'],
    [
      "a value where types alone may",
      "server/completion/a.ts",
      'import { x } from "../engine/a.ts";',
    ],
  ])("is broken by %s", (_what, path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  it("lets what it names through", () => {
    expect(violations("server/lsp/a.ts", 'import { x } from "../text/x.ts";')).toEqual([]);
    expect(
      violations("server/completion/a.ts", 'import type { x } from "../engine/a.ts";'),
    ).toEqual([]);
    expect(violations("server/host/a.ts", 'import { x } from "node-llama-cpp";')).toEqual([]);
  });
});
