import { createStopFinder, type StopFound } from "../text/stopStrings.ts";
import type { Token } from "./model.ts";

/** Turns tokens into text that can be shown: whole characters only, nothing of a stop string. */
export interface TextStream {
  push(token: Token): StopFound;
  /** Text that counts as generated though it is only part of a token. */
  pushText(text: string): StopFound;
  /** What was held back, when nothing follows any more. */
  flush(): string;
}

const replacement = "\uFFFD";
/** A character has at most four bytes; after so many tokens the bytes are simply invalid. */
const maxHeldTokens = 6;

/** @param stopStrings empty strings are ignored. */
export function createTextStream(
  model: { textOf(token: Token): string; detokenize(tokens: readonly Token[]): string },
  stopStrings: readonly string[],
): TextStream {
  const finder = createStopFinder(stopStrings);
  let heldTokens: Token[] = [];

  function characters(token: Token): string {
    if (heldTokens.length === 0) {
      const text = model.textOf(token);
      if (!text.includes(replacement)) return text;
    }
    heldTokens.push(token);
    const text = model.detokenize(heldTokens);
    if (text.endsWith(replacement) && heldTokens.length < maxHeldTokens) return "";
    heldTokens = [];
    return text;
  }

  return {
    push: (token) => finder.push(characters(token)),
    pushText: (text) => finder.push(text),
    flush() {
      heldTokens = [];
      return finder.flush();
    },
  };
}
