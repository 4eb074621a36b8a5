import type { Tree } from "@vscode/tree-sitter-wasm";
import { findBlockEnd } from "./blockEnd.ts";
import { countErrors } from "./countErrors.ts";
import { grammarOf } from "./grammars.ts";
import { createGrammars } from "./loadGrammars.ts";
import { placeOf, type Place } from "./placeOf.ts";
import { readCode } from "./readCode.ts";
import type { CodeReading } from "./reading.ts";
import { createReadingCache } from "./readingCache.ts";
import { createTreeCache, type Patience, type TreeCache } from "./treeCache.ts";

/** Longest text that is parsed, in UTF-16 code units; callers pass windows of a few thousand. */
export const LONGEST_TEXT = 65_536;

/**
 * Answers questions about code by tree-sitter. Synchronous and bounded: where the grammar is not loaded yet the
 * answer is undefined and loading starts in the background. Keeps the last few trees of a grammar, no more.
 */
export interface Syntax {
  /** Whether a grammar for the language is loaded or can be. */
  supports(languageId: string): boolean;
  /** Number of error and missing nodes, or undefined without a grammar (yet) or for a text that is too long. */
  errorCount(languageId: string, text: string): number | undefined;
  /** Offset at which the block that encloses `from` ends, or undefined while it has not ended yet. */
  blockEnd(languageId: string, text: string, from: number): number | undefined;
  /** What kind of place an offset is; undefined without a grammar (yet). */
  placeAt(languageId: string, text: string, offset: number): Place | undefined;
  /**
   * What a reviewer needs to know of a text; undefined without a grammar (yet), for a language whose
   * roles are not known, or for a text that is too long.
   */
  read(languageId: string, text: string): CodeReading | undefined;
  /** Loads the grammar of a language; false where there is none or it cannot be loaded. */
  load(languageId: string): Promise<boolean>;
  dispose(): void;
}

export interface SyntaxOptions {
  /** Folder with the runtime's and the grammars' `.wasm` files. */
  readonly wasmDirectory: string;
  /** Told once for each grammar that cannot be loaded. */
  readonly onError?: (grammar: string, cause: unknown) => void;
  /** Milliseconds, monotonic; bounds the time of a parse. */
  readonly now?: () => number;
}

/** Nobody waits for a reading with a finger on a key, and without one a review finds nothing. */
const whenReading: Patience = { longestMs: 500, pause: 0 };

/** Creates the service; reads nothing until a language is first asked about. */
export function createSyntaxService(options: SyntaxOptions): Syntax {
  const { wasmDirectory, onError, now = () => performance.now() } = options;
  const grammars = createGrammars({ wasmDirectory, onError: onError ?? (() => undefined) });

  const caches = new Map<string, TreeCache>();
  const patientCaches = new Map<string, TreeCache>();
  const readings = createReadingCache();
  let slowText: string | undefined;

  function withTree<T>(
    languageId: string,
    text: string,
    read: (tree: Tree, cache: TreeCache) => T,
    patience?: Patience,
  ): T | undefined {
    const grammar = grammarOf(languageId);
    if (grammar === undefined || text.length > LONGEST_TEXT) return undefined;
    const parser = grammars.ready(grammar);
    if (parser === undefined) {
      void grammars.load(grammar);
      return undefined;
    }
    const known = patience === undefined ? caches : patientCaches;
    let cache = known.get(grammar);
    if (cache === undefined) known.set(grammar, (cache = createTreeCache(parser, now, patience)));
    const tree = cache.parse(text);
    if (tree === undefined && patience !== undefined) slowText = text;
    return tree === undefined ? undefined : read(tree, cache);
  }

  function readAnew(languageId: string, text: string): CodeReading | undefined {
    // Every part of a review asks again.
    if (text === slowText) return undefined;
    return withTree(
      languageId,
      text,
      (tree, cache) => readCode(tree, languageId, text, cache.parseOnce),
      whenReading,
    );
  }

  return {
    supports: (languageId) => grammarOf(languageId) !== undefined,
    errorCount: (languageId, text) => withTree(languageId, text, countErrors),
    blockEnd: (languageId, text, from) =>
      withTree(languageId, text, (tree) => findBlockEnd(tree, languageId, text, from)),
    placeAt: (languageId, text, offset) =>
      withTree(languageId, text, (tree) => placeOf(tree, text, offset)),
    read: (languageId, text) => readings.get(languageId, text, () => readAnew(languageId, text)),
    async load(languageId) {
      const grammar = grammarOf(languageId);
      return grammar !== undefined && (await grammars.load(grammar)) !== undefined;
    },
    dispose() {
      for (const cache of [...caches.values(), ...patientCaches.values()]) cache.clear();
      caches.clear();
      patientCaches.clear();
      readings.clear();
      grammars.dispose();
    },
  };
}
