import type { CodeReading, Name, Span, Unit } from "../../syntax/reading.ts";
import { createLineIndex } from "../../text/positions.ts";
import type { Chunk, ReviewDocument } from "../types.ts";
import { visibleNames, type VisibleName } from "./visibleNames.ts";

/** A function of any kind, named or not. */
export interface FunctionSpan extends Span {
  readonly isAsync: boolean;
  /** Functions inside it, whose statements are not its own. */
  readonly inner: readonly Span[];
  /** From its start to its body. */
  readonly header: string;
}

/** A chunk of a document with what its kinds of mistakes ask about it. Offsets are the document's. */
export interface CodeView {
  readonly text: string;
  readonly languageId: string;
  readonly reading: CodeReading;
  readonly chunk: Chunk;
  textOf(span: Span): string;
  /** Whether findings may be made there: on the reviewed lines, away from syntax errors. */
  isReviewed(span: Span): boolean;
  /** The innermost function or method around an offset. */
  unitAt(offset: number): Unit | undefined;
  /** The innermost function around an offset, closures included; undefined: at the file's top. */
  functionAt(offset: number): FunctionSpan | undefined;
  visibleAt(offset: number): readonly VisibleName[];
  /** Where a name is read, called or assigned to. */
  usesOf(name: string): readonly Name[];
}

/** Looks at a chunk through the reading of its document. */
export function createCodeView(
  document: ReviewDocument,
  chunk: Chunk,
  reading: CodeReading,
): CodeView {
  const { text, languageId } = document;
  const lines = createLineIndex(text);
  const reviewed = chunk.lines.map((range) => ({
    start: Math.max(chunk.start, lines.startOf(range.start)),
    end: Math.min(chunk.end, lines.startOf(range.end)),
  }));
  const uses = new Map<string, Name[]>();
  for (const name of reading.names) {
    if (!isUse(name)) continue;
    const known = uses.get(name.text);
    if (known === undefined) uses.set(name.text, [name]);
    else known.push(name);
  }
  const functions = reading.units.filter(({ kind }) => kind === "function" || kind === "method");
  const closures = reading.scopes.filter(({ kind }) => kind === "function");
  const visible = new Map<number, readonly VisibleName[]>();
  return {
    text,
    languageId,
    reading,
    chunk,
    textOf: (span) => text.slice(span.start, span.end),
    isReviewed: (span) =>
      reviewed.some((range) => contains(range, span)) &&
      !reading.errors.some((error) => overlaps(error, span)),
    unitAt: (offset) => functions.findLast((unit) => unit.start <= offset && offset < unit.end),
    functionAt(offset) {
      const closure = closures.findLast(({ start, end }) => start <= offset && offset < end);
      return closure && functionSpan(text, closure, reading, closures);
    },
    visibleAt(offset) {
      let names = visible.get(offset);
      if (names === undefined) visible.set(offset, (names = visibleNames(reading, offset)));
      return names;
    },
    usesOf: (name) => uses.get(name) ?? [],
  };
}

/** Whether an identifier stands for a value in scope, other than where it is declared. */
export function isUse({ role }: Name): boolean {
  return role === "use" || role === "call" || role === "write";
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

function functionSpan(
  text: string,
  closure: Span,
  { units }: CodeReading,
  closures: readonly Span[],
): FunctionSpan {
  const unit = units.find(
    ({ start, end, kind }) =>
      (kind === "function" || kind === "method") && start <= closure.start && closure.end === end,
  );
  const rest = text.slice(closure.start, closure.end);
  const header = unit
    ? text.slice(unit.start, unit.body.start)
    : (/^[^{=]*(?:=>|\{|:\n)?/.exec(rest)?.[0] ?? "");
  return {
    start: closure.start,
    end: closure.end,
    isAsync: (unit?.isAsync ?? false) || /^(?:\w+\s+){0,3}?async\b/.test(header),
    inner: closures.filter((other) => other !== closure && contains(closure, other)),
    header,
  };
}
