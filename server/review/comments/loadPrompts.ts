import { CodedError } from "../../protocol/errors.ts";
import { readPromptFile, type Prompts, type PromptSlots } from "../../text/promptFile.ts";

/**
 * Reads prompts from the text of their file.
 * @param file its name in the error
 * @throws CodedError PROMPT_INVALID naming the file and each prompt or slot that is missing or unknown
 */
export function loadPrompts<const Table extends PromptSlots>(
  text: string,
  table: Table,
  file: string,
): Prompts<Table> {
  const read = readPromptFile(text, table);
  if (read.kind === "prompts") return read.prompts;
  throw new CodedError("PROMPT_INVALID", `${file}: ${read.problems.join(" ")}`);
}
