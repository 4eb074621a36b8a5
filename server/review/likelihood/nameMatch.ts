import { identifiersIn } from "../../text/identifiers.ts";
import { contains, type CodeView } from "./codeView.ts";
import type { Span } from "../../syntax/reading.ts";

/** Longest list of parameters that is looked through. */
const LONGEST_HEADER = 600;

/** The words that a name is made of, in lower case: `maxKeyLength`, `max_key_length` → max, key, length. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1)
    .map((word) => word.toLowerCase());
}

/** How much of a name's words other words hold, 0 to 1. */
export function shareOf(name: string, words: ReadonlySet<string>): number {
  const own = wordsOf(name);
  if (own.length === 0) return Number(words.has(name.toLowerCase()));
  return own.filter((word) => words.has(word)).length / own.length;
}

/**
 * Words that the code around a place speaks of: those of its line, and of the parameter that it is
 * handed to where the file declares what is called.
 */
export function wordsAround(code: CodeView, place: Span): ReadonlySet<string> {
  const { text } = code;
  const start = text.lastIndexOf("\n", place.start - 1) + 1;
  const end = text.indexOf("\n", place.end);
  const line = `${text.slice(start, place.start)} ${text.slice(place.end, end < 0 ? text.length : end)}`;
  const calls = code.reading.calls.filter(({ arguments: all }) =>
    all.some((argument) => argument.start === place.start && argument.end === place.end),
  );
  const handedTo = calls.flatMap((call) => {
    const index = call.arguments.findIndex(({ start: at }) => at === place.start);
    return parametersOf(code, call.name)[index] ?? [];
  });
  return new Set([...identifiersIn(line), ...handedTo].flatMap(wordsOf));
}

/** Names of the parameters of a function that the file declares, in order; empty: not known. */
export function parametersOf(code: CodeView, name: string): string[] {
  if (name === "") return [];
  const unit = code.reading.units.find((one) => one.name === name && one.kind !== "class");
  if (unit === undefined) return [];
  const header = { start: unit.start, end: Math.min(unit.body.start, unit.start + LONGEST_HEADER) };
  return code.reading.names
    .filter((one) => one.role === "parameter" && contains(header, one))
    .map(({ text }) => text)
    .filter((text) => text !== "self" && text !== "cls");
}
