import type { CompletionDocument } from "../types.ts";
import { isFitForContext } from "./excluded.ts";
import { indexWindows, type WindowIndex } from "./windowIndex.ts";

/** Lines of a file that were edited, from 0, the last one included. */
export interface EditedRange {
  readonly startLine: number;
  readonly endLine: number;
}

/** A file that is open in the editor and may be shown to the model. */
export interface OpenFile {
  readonly document: CompletionDocument;
  /** Its windows as last indexed; undefined until then, and older than the text while it changes. */
  readonly index: WindowIndex | undefined;
  /** Latest first. */
  readonly edits: readonly EditedRange[];
}

/** What is open and was edited; told by the language server, asked by the context sources. */
export interface OpenFiles {
  /** A document was opened, or shown again. */
  opened(document: CompletionDocument): void;
  /** A document was edited; `range` says where, if it is known. Cheap: no indexing. */
  changed(document: CompletionDocument, range?: EditedRange): void;
  closed(uri: string): void;
  /** Indexes one file whose index is missing or old; call it while the user rests. False: none was. */
  refresh(): boolean;
  /** Most recently opened or edited first. */
  files(): readonly OpenFile[];
}

/** Files that are remembered; beyond it the one used longest ago is forgotten. */
const MOST_FILES = 40;
const MOST_EDITS = 8;
/** Edits nearer than this many lines are one. */
const NEAR = 12;

interface Entry {
  document: CompletionDocument;
  index: WindowIndex | undefined;
  indexedVersion: number | undefined;
  edits: EditedRange[];
}

export interface OpenFilesOptions {
  /** Whether a file is kept out, such as by the project's ignore rules; secrets and huge files are anyway. */
  readonly isIgnored?: (document: CompletionDocument) => boolean;
}

/** Creates the memory of open files; empty. */
export function createOpenFiles({ isIgnored = () => false }: OpenFilesOptions = {}): OpenFiles {
  /** In order of use, the latest last. */
  const entries = new Map<string, Entry>();

  function touch(document: CompletionDocument): Entry | undefined {
    const known = entries.get(document.uri);
    entries.delete(document.uri);
    if (known) {
      known.document = document;
      entries.set(document.uri, known);
      return known;
    }
    if (!isFitForContext(document) || isIgnored(document)) return undefined;
    const entry = { document, index: undefined, indexedVersion: undefined, edits: [] };
    entries.set(document.uri, entry);
    const [oldest] = entries.keys();
    if (entries.size > MOST_FILES && oldest !== undefined) entries.delete(oldest);
    return entry;
  }

  return {
    opened: (document) => void touch(document),
    changed(document, range) {
      const entry = touch(document);
      if (entry === undefined || range === undefined) return;
      entry.edits = [range, ...entry.edits.filter((edit) => !isNear(edit, range))].slice(
        0,
        MOST_EDITS,
      );
    },
    closed: (uri) => void entries.delete(uri),
    refresh() {
      for (const entry of [...entries.values()].reverse()) {
        if (entry.indexedVersion === entry.document.version) continue;
        entry.indexedVersion = entry.document.version;
        entry.index = isFitForContext(entry.document)
          ? indexWindows(entry.document.text)
          : undefined;
        return true;
      }
      return false;
    },
    files: () => [...entries.values()].reverse(),
  };
}

function isNear(a: EditedRange, b: EditedRange): boolean {
  return a.startLine - NEAR <= b.endLine && b.startLine - NEAR <= a.endLine;
}
