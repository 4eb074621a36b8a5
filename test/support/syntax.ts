import { createSyntaxService, type Syntax } from "../../server/syntax/syntaxService.ts";
import { fileURLToPath } from "node:url";

/** Where the grammars lie in a checkout. */
export const wasmDirectory = fileURLToPath(
  new URL("../../node_modules/@vscode/tree-sitter-wasm/wasm", import.meta.url),
);

/** A syntax service with the given languages' grammars loaded; failing to load one fails the test. */
export async function loadedSyntax(...languageIds: string[]): Promise<Syntax> {
  const syntax = createSyntaxService({
    wasmDirectory,
    // A busy machine must not change what a test sees.
    now: () => 0,
    onError(grammar, cause) {
      throw new Error(`grammar ${grammar}`, { cause });
    },
  });
  await Promise.all(languageIds.map((languageId) => syntax.load(languageId)));
  return syntax;
}

/** A syntax service that has no grammar at all. */
export const noSyntax = {
  supports: () => false,
  errorCount: () => undefined,
  blockEnd: () => undefined,
  placeAt: () => undefined,
};
