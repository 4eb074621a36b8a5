import { CodedError } from "../../../../protocol/errors.ts";
import type { PromptPart } from "../../../../protocol/host.ts";
import { mayHoldSpecial } from "../../prompt/specialText.ts";
import type { Tokenize } from "../../prompt/tokenCache.ts";
import { idOf } from "../../prompt/idOf.ts";
import type { VllmTokens } from "./tokens.ts";

/**
 * A prompt as one text, in which the server reads the special tokens; as token ids where user text
 * holds something that it would read so, too. Mixed prompts it does not take.
 * @throws CodedError VALIDATION_ERROR for a special token that the vocabulary lacks and an empty
 * prompt; what `tokenize` throws
 */
export async function toVllmPrompt(
  parts: readonly PromptPart[],
  vocabulary: VllmTokens,
  tokenize: Tokenize,
  signal: AbortSignal,
): Promise<string | number[]> {
  const { ids, special } = vocabulary;
  for (const part of parts) if ("special" in part) idOf(part.special, ids);
  const texts = parts.flatMap((part) => ("text" in part ? [part.text] : []));
  const prompt = parts.map((part) => ("special" in part ? part.special : part.text)).join("");
  if (prompt === "") throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
  const suspect = texts.filter(mayHoldSpecial);
  const found = await special.findIn(suspect, signal);
  // A special token could also come about where two texts meet.
  const isSafe = found.size === 0 && !meetsAsSpecial(parts, ids);
  if (isSafe) return prompt;
  return toVllmTokens(parts, vocabulary, tokenize, signal);
}

/**
 * A prompt as token ids, with the one that begins every text.
 * @throws CodedError VALIDATION_ERROR for a special token that the vocabulary lacks
 */
export async function toVllmTokens(
  parts: readonly PromptPart[],
  { ids, begin }: Pick<VllmTokens, "ids" | "begin">,
  tokenize: Tokenize,
  signal: AbortSignal,
): Promise<number[]> {
  const texts = parts.flatMap((part) => ("text" in part ? [part.text] : []));
  const tokens = await tokenize(texts, signal);
  const all = parts.flatMap((part) =>
    "special" in part ? [idOf(part.special, ids)] : (tokens[texts.indexOf(part.text)] ?? []),
  );
  return begin === undefined || all[0] === begin ? all : [begin, ...all];
}

function meetsAsSpecial(parts: readonly PromptPart[], ids: ReadonlyMap<string, number>): boolean {
  const known = [...ids.keys()];
  const count = (text: string): number =>
    known.reduce((sum, token) => sum + text.split(token).length - 1, 0);
  const whole = parts.map((part) => ("special" in part ? part.special : part.text)).join("");
  const apart = parts.reduce((sum, part) => sum + ("special" in part ? count(part.special) : 0), 0);
  return count(whole) !== apart;
}
