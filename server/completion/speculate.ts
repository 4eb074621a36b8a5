import type { CompletionSettings } from "./types.ts";
import type { Prompter } from "./prompt/prompter.ts";

/** A continuation must be there about when the user has read and accepted the suggestion. */
const readingMs = 700;
/** Below it, a prompt that departs costs the next key more than speculation saves. */
const leastPrefill = 800;

/** Whether computing what follows a shown suggestion pays, by the measured speeds. */
export function speculationPays(settings: CompletionSettings, speed: Prompter["speed"]): boolean {
  if (settings.speculation !== "auto") return settings.speculation === "on";
  const { prefill = 0, decode = 0 } = speed;
  return prefill >= leastPrefill && (decode * readingMs) / 1000 >= settings.maxTokens;
}
