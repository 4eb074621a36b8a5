import type { CodeReading, Span } from "../../syntax/reading.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import type { Chunk, ReviewDocument } from "../types.ts";
import { windowEnd, windowStart } from "../windowStart.ts";

/** Longest text that is read at once, in UTF-16 code units; below what the parser takes. */
const LONGEST = 60_000;

/**
 * Creates what reads the code around a chunk: all of the document, or, where it is long, the lines
 * around. Remembers the last short document only. Undefined: no grammar, or it takes too long.
 */
export function createChunkReader(
  syntax: Pick<Syntax, "read" | "load">,
): (document: ReviewDocument, chunk: Chunk) => Promise<CodeReading | undefined> {
  let last: { readonly of: ReviewDocument; readonly reading: CodeReading } | undefined;
  return async (document, chunk) => {
    const { languageId, text } = document;
    if (last?.of.text === text && last.of.languageId === languageId) return last.reading;
    if (!(await syntax.load(languageId))) return undefined;
    if (text.length > LONGEST) {
      const room = (LONGEST - (chunk.end - chunk.start)) / 4;
      const least = Math.min(text.length, chunk.end + room) - LONGEST;
      const from = windowStart(text, least, chunk.start);
      const to = windowEnd(text, chunk.end, from + LONGEST);
      const reading = syntax.read(languageId, text.slice(from, to));
      return reading && moved(reading, from);
    }
    const reading = syntax.read(languageId, text);
    if (reading !== undefined) last = { of: document, reading };
    return reading;
  };
}

/** The same reading in a text that starts so much earlier. */
function moved(reading: CodeReading, by: number): CodeReading {
  const move = <T extends Span>(span: T): T => ({
    ...span,
    start: span.start + by,
    end: span.end + by,
  });
  const all = <T extends Span>(spans: readonly T[]): T[] => spans.map(move);
  return {
    units: all(reading.units).map((unit) => ({ ...unit, body: move(unit.body) })),
    imports: all(reading.imports),
    declarations: all(reading.declarations).map((one) => ({ ...one, header: move(one.header) })),
    names: all(reading.names),
    scopes: all(reading.scopes).map((scope) => ({
      ...scope,
      names: scope.names.map((name) => ({ ...name, at: name.at + by })),
    })),
    operators: all(reading.operators).map(({ left, right, ...operator }) => ({
      ...operator,
      ...(left === undefined ? {} : { left: move(left) }),
      ...(right === undefined ? {} : { right: move(right) }),
    })),
    literals: all(reading.literals),
    calls: all(reading.calls).map((call) => ({
      ...call,
      callee: move(call.callee),
      arguments: all(call.arguments),
    })),
    members: all(reading.members).map((member) => ({
      ...member,
      object: move(member.object),
      property: move(member.property),
    })),
    conditions: all(reading.conditions),
    statements: all(reading.statements).map((statement) => ({
      ...statement,
      expression: move(statement.expression),
    })),
    comments: all(reading.comments),
    errors: all(reading.errors),
  };
}
