import type { Position, Range } from "vscode-languageserver/node";
import { InlineCompletionTriggerKind, type InlineCompletionItem } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import type { CompletionRequest, Suggestion } from "../completion/types.ts";

/** Where the lines of a text lie. */
export interface Lines {
  readonly lineCount: number;
  readonly offsetAt: (position: Position) => number;
}

/** A cursor in a text, as both sides count it. */
export interface Cursor {
  readonly text: string;
  readonly offset: number;
  readonly position: Position;
}

/**
 * The cursor at a position of a document. A position past the end of its line or of the text is
 * taken as that end, one inside a surrogate pair as before the pair.
 */
export function toCursor(text: string, lines: Lines, asked: Position): Cursor {
  const offset = beforeSurrogatePair(text, lines.offsetAt(asked));
  const line = Math.max(0, Math.min(asked.line, lines.lineCount - 1));
  const character = offset - lines.offsetAt({ line, character: 0 });
  return { text, offset, position: { line, character } };
}

/** Moves an offset that lies inside a surrogate pair to before the pair. */
export function beforeSurrogatePair(text: string, offset: number): number {
  const inside = /^[\uDC00-\uDFFF]/.test(text.charAt(offset));
  return inside && /^[\uD800-\uDBFF]/.test(text.charAt(offset - 1)) ? offset - 1 : offset;
}

/** The position of an offset, counted from a cursor near it. */
export function positionNear(cursor: Cursor, offset: number): Position {
  const { text, position } = cursor;
  if (offset >= cursor.offset) {
    const between = text.slice(cursor.offset, offset);
    const lines = countLines(between);
    if (lines === 0) return { line: position.line, character: position.character + between.length };
    const lineStart = Math.max(between.lastIndexOf("\n"), between.lastIndexOf("\r")) + 1;
    return { line: position.line + lines, character: between.length - lineStart };
  }
  const lineStart =
    Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  const lines = countLines(text.slice(offset, cursor.offset));
  return { line: position.line - lines, character: offset - (offset === 0 ? 0 : lineStart) };
}

function countLines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** A suggestion as LSP sends it. */
export function toInlineCompletionItem(
  suggestion: Suggestion,
  cursor: Cursor,
): InlineCompletionItem {
  const range: Range = {
    start: positionNear(cursor, suggestion.start),
    end: positionNear(cursor, suggestion.end),
  };
  return { insertText: suggestion.text, range };
}

/** LSP counts triggers from 1: invoked, automatic. What is neither counts as automatic. */
export function toTrigger(kind: InlineCompletionTriggerKind): CompletionRequest["trigger"] {
  return kind === InlineCompletionTriggerKind.Invoked ? "invoked" : "automatic";
}

/**
 * The path shown to the model: relative to the workspace folder that holds the document, else its
 * last part, with `/`. Untitled and virtual documents have one too.
 */
export function toWorkspacePath(uri: string, folderUris: readonly string[]): string {
  const path = pathOf(uri);
  for (const folderUri of folderUris) {
    const folder = pathOf(folderUri).replace(/\/*$/, "/");
    const sameScheme = folderUri.split(":", 1)[0] === uri.split(":", 1)[0];
    if (sameScheme && path.startsWith(folder)) return path.slice(folder.length);
  }
  return path.slice(path.lastIndexOf("/") + 1) || "untitled";
}

function pathOf(uri: string): string {
  try {
    return URI.parse(uri).path;
  } catch {
    return uri;
  }
}
