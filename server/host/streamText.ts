import type { Token } from "./model.ts";

/** Turns tokens into text that can be shown: whole characters only, nothing of a stop string. */
export interface TextStream {
  /** What can be shown now, and whether a stop string was completed. */
  push(token: Token): { text: string; stopped: boolean };
  /** Text that counts as generated though it is only part of a token. */
  pushText(text: string): { text: string; stopped: boolean };
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
  const stops = stopStrings.filter((stop) => stop !== "");
  let heldTokens: Token[] = [];
  let heldText = "";

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

  function pushText(text: string): { text: string; stopped: boolean } {
    heldText += text;
    const found = stops
      .map((stop) => heldText.indexOf(stop))
      .filter((index) => index >= 0)
      .sort((a, b) => a - b)[0];
    if (found !== undefined) {
      const shown = heldText.slice(0, found);
      heldText = "";
      return { text: shown, stopped: true };
    }
    const held = Math.max(0, ...stops.map((stop) => overlap(heldText, stop)));
    const shown = heldText.slice(0, heldText.length - held);
    heldText = heldText.slice(heldText.length - held);
    return { text: shown, stopped: false };
  }

  return {
    push: (token) => pushText(characters(token)),
    pushText,
    flush() {
      const text = heldText;
      heldText = "";
      heldTokens = [];
      return text;
    },
  };
}

/** The length of the longest end of `text` that is a proper beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
