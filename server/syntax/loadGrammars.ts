import { readFile } from "node:fs/promises";
import path from "node:path";
import type * as treeSitter from "@vscode/tree-sitter-wasm";
import type { Parser } from "@vscode/tree-sitter-wasm";

/** Parsers by grammar name; the runtime and each grammar are loaded once, when first asked for. */
export interface Grammars {
  /** The parser if its grammar is loaded; never waits. */
  ready(grammar: string): Parser | undefined;
  /** Loads the grammar; undefined when that fails, which is reported once and not tried again. */
  load(grammar: string): Promise<Parser | undefined>;
  dispose(): void;
}

export interface GrammarsOptions {
  /** Folder with `tree-sitter.wasm` and the `tree-sitter-NAME.wasm` files. */
  readonly wasmDirectory: string;
  readonly onError: (grammar: string, cause: unknown) => void;
}

type Runtime = typeof treeSitter;

/** The runtime is one per process: two initialisations at once make two that know nothing of each other. */
let runtime: Promise<Runtime> | undefined;

function loadRuntime(wasmDirectory: string): Promise<Runtime> {
  runtime ??= initialise(wasmDirectory).catch((cause: unknown) => {
    runtime = undefined;
    throw cause;
  });
  return runtime;
}

async function initialise(wasmDirectory: string): Promise<Runtime> {
  // Imported late: a server that never parses does not pay for the runtime.
  const { default: loaded } = await import("@vscode/tree-sitter-wasm");
  await loaded.Parser.init({ locateFile: (file: string) => path.join(wasmDirectory, file) });
  return loaded;
}

/** Creates the loader. Nothing is read until the first `load`. */
export function createGrammars({ wasmDirectory, onError }: GrammarsOptions): Grammars {
  const parsers = new Map<string, Parser>();
  const loading = new Map<string, Promise<Parser | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  let disposed = false;

  async function start(grammar: string): Promise<Parser | undefined> {
    try {
      const { Language, Parser } = await loadRuntime(wasmDirectory);
      const bytes = await readFile(path.join(wasmDirectory, `tree-sitter-${grammar}.wasm`));
      const language = await Language.load(bytes);
      if (disposed) return undefined;
      const parser = new Parser();
      parser.setLanguage(language);
      // The first parse compiles the grammar's functions (some 10 ms): better now than at a key.
      parser.parse("a(b, [c]) { d: 1 }\n")?.delete();
      parsers.set(grammar, parser);
      return parser;
    } catch (cause) {
      onError(grammar, cause);
      return undefined;
    }
  }

  return {
    ready: (grammar) => parsers.get(grammar),
    load(grammar) {
      const known = loading.get(grammar);
      if (known !== undefined) return known;
      // One after the other: they share the runtime's memory and symbol tables.
      const started = last.then(() => start(grammar));
      last = started;
      loading.set(grammar, started);
      return started;
    },
    dispose() {
      disposed = true;
      for (const parser of parsers.values()) parser.delete();
      parsers.clear();
    },
  };
}
