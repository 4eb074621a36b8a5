import { CodedError } from "../protocol/errors.ts";
import type { PromptPart } from "../protocol/host.ts";
import type { HostModel, Token } from "./model.ts";

/**
 * A prompt as tokens: special tokens by lookup, text as text.
 * @throws CodedError VALIDATION_ERROR for a special token the vocabulary lacks or an empty prompt,
 * CONTEXT_OVERFLOW when no token could be generated after it.
 */
export function promptTokens(
  model: Pick<HostModel, "tokenize" | "special" | "beginToken" | "description">,
  parts: readonly PromptPart[],
  reserve = 1,
): Token[] {
  const tokens: Token[] = [];
  for (const part of parts) {
    if ("text" in part) {
      for (const token of model.tokenize(part.text)) tokens.push(token);
      continue;
    }
    const token = model.special(part.special);
    if (token === undefined) {
      throw new CodedError(
        "VALIDATION_ERROR",
        `The model has no special token ${JSON.stringify(part.special)}.`,
      );
    }
    tokens.push(token);
  }
  if (tokens.length === 0) throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
  return begun(model, tokens, reserve);
}

/**
 * A prompt's tokens with the one that begins every text, where the model was trained so.
 * @throws CodedError CONTEXT_OVERFLOW when `reserve` tokens do not fit behind it.
 */
export function begun(
  model: Pick<HostModel, "beginToken" | "description">,
  tokens: readonly Token[],
  reserve = 1,
): Token[] {
  const { beginToken } = model;
  const missing = beginToken !== undefined && tokens[0] !== beginToken;
  const all = missing ? [beginToken, ...tokens] : [...tokens];
  checkLength(model, all.length + reserve);
  return all;
}

/** @throws CodedError CONTEXT_OVERFLOW when so many tokens do not fit into one sequence. */
export function checkLength(model: Pick<HostModel, "description">, tokens: number): void {
  const capacity = sequenceCapacity(model);
  if (tokens <= capacity) return;
  throw new CodedError("CONTEXT_OVERFLOW", `${tokens} tokens do not fit into ${capacity}.`);
}

/** Tokens one sequence holds: the engine shifts the context when the last cell would be used. */
export function sequenceCapacity(model: Pick<HostModel, "description">): number {
  return model.description.contextSize - 1;
}
