import { safeOffset } from "../../text/safeCut.ts";

/** A longer tail is cut in its middle: healing spends a decoding step on each of its tokens. */
const longestHeal = 48;

const tail = / ?[\p{L}\p{M}\p{N}_$]+$|\s+$| ?[^\s\p{L}\p{M}\p{N}_$]+$/u;

/** Text parted for token healing: `kept` ends at a token boundary, `heal` is what the model must spell. */
export interface Healed {
  readonly kept: string;
  readonly heal: string;
}

/**
 * Cuts a text at the start of its last pre-token, with the one space before the word, so that the
 * prompt never ends in half a token. `kept + heal` is the text; no character is parted.
 */
export function cutForHealing(text: string): Healed {
  // One more than allowed, so that a space before the longest word still counts.
  const from = safeOffset(text, Math.max(0, text.length - longestHeal - 1));
  const found = tail.exec(text.slice(from));
  if (found === null) return { kept: text, heal: "" };
  let at = from + found.index;
  if (text.length - at > longestHeal) at = text.length - longestHeal;
  at = safeOffset(text, at);
  return { kept: text.slice(0, at), heal: text.slice(at) };
}
