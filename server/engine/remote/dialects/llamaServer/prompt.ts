import { CodedError } from "../../../../protocol/errors.ts";
import type { PromptPart } from "../../../../protocol/host.ts";
import { idOf } from "../../prompt/idOf.ts";
import { mayHoldSpecial } from "../../prompt/specialText.ts";
import type { Tokenize } from "../../prompt/tokenCache.ts";
import type { SpecialTokens } from "./tokens.ts";

/** A prompt as `/completion` takes it: a text, or texts and token ids in turn. */
export type LlamaServerPrompt = string | (string | number)[];

/**
 * llama-server reads special tokens in every text of a prompt. So special tokens are sent by id, and
 * text that could hold one as the ids that its plain text has.
 * @throws CodedError VALIDATION_ERROR for a special token that the vocabulary lacks and an empty
 * prompt; what `tokenize` throws
 */
export async function toLlamaServerPrompt(
  parts: readonly PromptPart[],
  { ids, begin }: SpecialTokens,
  tokenize: Tokenize,
  signal: AbortSignal,
): Promise<LlamaServerPrompt> {
  const filled = parts.filter((part) => "special" in part || part.text !== "");
  const texts = filled.flatMap((part) => ("text" in part ? [part.text] : []));
  // Only texts in an array would be a prompt each.
  const onlyTexts = texts.length === filled.length && texts.length > 1;
  const plain = texts.filter((text) => onlyTexts || mayHoldSpecial(text));
  const tokens = await tokenize(plain, signal);
  const prompt = filled.flatMap((part): (string | number)[] => {
    if ("special" in part) return [idOf(part.special, ids)];
    return tokens[plain.indexOf(part.text)] ?? [part.text];
  });
  const [first] = prompt;
  if (first === undefined) throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
  if (prompt.length === 1 && typeof first === "string") return first;
  // The server puts it before a text, never before an id.
  const begins = begin !== undefined && typeof first === "number" && first !== begin;
  return begins ? [begin, ...prompt] : prompt;
}
