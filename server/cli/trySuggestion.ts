import type { Product } from "../compose/compose.ts";
import { trialPrefix } from "../compose/trialPrefix.ts";

const sample = "function add(a, b) {\n  return a + b;\n}\n\nfunction subtract(a, b) {\n  return a";

/**
 * Asks a model that is ready for a suggestion in a text of its own; empty where it had none.
 * @throws CodedError why it did not answer
 */
export async function trySuggestion(
  { completer }: Pick<Product, "completer">,
  signal: AbortSignal,
): Promise<string> {
  const document = { uri: "untitled:trial.js", path: "trial.js", languageId: "javascript" };
  const result = await completer.complete(
    {
      document: { ...document, version: 1, text: `${sample}\n}\n` },
      offset: sample.length,
      trigger: "invoked",
      requestId: `${trialPrefix}${process.pid}`,
    },
    signal,
  );
  if (result.kind === "failed") throw result.error;
  return result.kind === "suggestion" ? result.suggestion.text : "";
}
