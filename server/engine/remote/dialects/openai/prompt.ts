import { CodedError } from "../../../../protocol/errors.ts";
import type { PromptPart } from "../../../../protocol/host.ts";
import { withoutMarkers } from "../../chat/messages.ts";

/** How a server of OpenAI's completions fills in the middle. */
export type Filling =
  /** It reads these special tokens in the text of a prompt. */
  | { readonly kind: "tokens"; readonly special: readonly string[] }
  /** It takes what follows the cursor as `suffix`, and builds the prompt itself. */
  | { readonly kind: "suffix" }
  | { readonly kind: "none" };

/**
 * What stands for the parts of a prompt where the server builds it: completion assembles with these,
 * and no server ever sees them.
 */
export const standIns = {
  prefix: "<fim_prefix>",
  suffix: "<fim_suffix>",
  middle: "<fim_middle>",
} as const;

/** Special tokens that completion may use with a server. */
export function specialTokensFor(filling: Filling): readonly string[] {
  if (filling.kind === "tokens") return filling.special;
  return filling.kind === "suffix" ? Object.values(standIns) : [];
}

/**
 * A prompt as text, in which user text that spells a special token has a space put into it: there is
 * no other way to keep it text.
 * @throws CodedError VALIDATION_ERROR for a special token that the server is not known to read, and an
 * empty prompt
 */
export function toTextPrompt(
  parts: readonly PromptPart[],
  filling: Filling,
): { readonly prompt: string; readonly suffix?: string } {
  const known = specialTokensFor(filling);
  for (const part of parts) {
    if (!("special" in part) || known.includes(part.special)) continue;
    const detail = `The server is not known to read ${JSON.stringify(part.special)}.`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  if (parts.length === 0) throw new CodedError("VALIDATION_ERROR", "The prompt is empty.");
  if (filling.kind !== "suffix") {
    const texts = parts.map((part) =>
      "special" in part ? part.special : withoutMarkers(part.text, known),
    );
    return { prompt: texts.join("") };
  }
  let [prompt, suffix] = ["", ""];
  let isSuffix = false;
  for (const part of parts) {
    if ("special" in part) isSuffix = part.special === standIns.suffix;
    else if (isSuffix) suffix += part.text;
    else prompt += part.text;
  }
  return suffix === ""
    ? { prompt: withoutMarkers(prompt, []) }
    : { prompt: withoutMarkers(prompt, []), suffix: withoutMarkers(suffix, []) };
}
