import type { TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import { TextDocument, type Position } from "vscode-languageserver-textdocument";
import type { DocumentEdits, TextEdit } from "../health/stats/edits.ts";

/** Longer documents, in UTF-16 code units, are neither kept nor completed. */
export const maxDocumentLength = 10 * 1024 * 1024;

/** How far into a document a NUL is looked for, which no text holds. */
const binaryProbeLength = 8000;

/** A document as the client has it, kept up to date by incremental changes. */
export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  /** The text as of this version, or why there is none to complete. */
  readonly content:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "tooLarge" }
    | { readonly kind: "binary" };
  /** Lines that the last change touched, from 0, the last one included; absent after opening. */
  readonly lastEdit?: { readonly startLine: number; readonly endLine: number };
  readonly lineCount: number;
  /** The offset of a position; past the end of a line or of the document: that end. */
  readonly offsetAt: (position: Position) => number;
  readonly positionAt: (offset: number) => Position;
}

/** What TextDocuments needs to keep documents of our kind. */
export const documentFactory = createDocumentFactory(() => undefined);

/** The same, told what each version changed of the one before. */
export function createDocumentFactory(onEdits: (edits: DocumentEdits) => void) {
  function create(uri: string, languageId: string, version: number, content: string): OpenDocument {
    return content.length > maxDocumentLength
      ? tooLarge(uri, languageId, version)
      : kept(TextDocument.create(uri, languageId, version, content));
  }

  function update(
    document: OpenDocument,
    changes: TextDocumentContentChangeEvent[],
    version: number,
  ): OpenDocument {
    const source = sources.get(document);
    if (source !== undefined) {
      const { uri, version: from } = document;
      const edits: TextEdit[] = [];
      let updated = source;
      for (const change of changes) {
        // Where it lies is known only until it is made: positions are those of the text before it.
        edits.push(toEdit(updated, change));
        updated = TextDocument.update(updated, [change], version);
      }
      onEdits({ uri, from, to: version, edits });
      const { length } = updated.getText();
      return length > maxDocumentLength
        ? tooLarge(document.uri, document.languageId, version)
        : kept(updated, editOf(changes));
    }
    // Edits of a text that was not kept say nothing about it; a whole new text does.
    const whole = changes.findLastIndex((change) => !("range" in change));
    const text = changes[whole]?.text;
    if (text === undefined) return tooLarge(document.uri, document.languageId, version);
    const fresh = create(document.uri, document.languageId, version, text);
    const rest = changes.slice(whole + 1);
    return rest.length > 0 ? update(fresh, rest, version) : fresh;
  }

  return { create, update };
}

/** The source is changed in place by the next edit; a document is a snapshot of its text. */
const sources = new WeakMap<OpenDocument, TextDocument>();

function editOf(changes: readonly TextDocumentContentChangeEvent[]): OpenDocument["lastEdit"] {
  const last = changes.at(-1);
  if (last === undefined || !("range" in last)) return undefined;
  const startLine = last.range.start.line;
  return { startLine, endLine: startLine + (last.text.match(/\n/g)?.length ?? 0) };
}

function toEdit(source: TextDocument, change: TextDocumentContentChangeEvent): TextEdit {
  if (!("range" in change)) {
    return { start: 0, removed: source.getText(), inserted: change.text };
  }
  const { start, end } = change.range;
  // A range may be given backwards.
  const [from, to] = [source.offsetAt(start), source.offsetAt(end)].sort((a, b) => a - b);
  const removed = source.getText().slice(from, to);
  return { start: from ?? 0, removed, inserted: change.text };
}

function kept(source: TextDocument, lastEdit?: OpenDocument["lastEdit"]): OpenDocument {
  const { uri, languageId, version } = source;
  const text = source.getText();
  const binary = text.slice(0, binaryProbeLength).includes("\0");
  const document: OpenDocument = {
    uri,
    languageId,
    version,
    content: binary ? { kind: "binary" } : { kind: "text", text },
    ...(lastEdit === undefined ? {} : { lastEdit }),
    get lineCount() {
      return source.lineCount;
    },
    offsetAt: (position) => source.offsetAt(position),
    positionAt: (offset) => source.positionAt(offset),
  };
  sources.set(document, source);
  return document;
}

function tooLarge(uri: string, languageId: string, version: number): OpenDocument {
  const content = { kind: "tooLarge" } as const;
  const positionAt = () => ({ line: 0, character: 0 });
  return { uri, languageId, version, content, lineCount: 0, offsetAt: () => 0, positionAt };
}
