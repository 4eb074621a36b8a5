import type { ModelDescription } from "../../protocol/host.ts";

/** How makers mark a model that was tuned to follow instructions, as a word of its name. */
const tunedWords = new Set(["instruct", "instruction", "instructed", "chat", "it", "assistant"]);

/** Families whose plain name means the tuned model; their base models say so. */
const tunedFamilies = /\b(?:qwen[ _-]?3|codestral|devstral|gpt[ _-]?oss)/;

/**
 * Fewer parameters than this follow the form of an instruction, not its meaning: a tuned 0.5B model
 * answers yes or no at even chances and gives right and wrong code the same score.
 */
const leastParameters = 1e9;

/**
 * Whether a model follows instructions: as the setting says, else by what its file calls itself
 * (`general.finetune`, `general.name`) and whether it is large enough for it. A chat template decides
 * nothing: base models carry one too.
 */
export function isInstruct(
  model: Pick<ModelDescription, "name" | "finetune" | "parameters">,
  setting: "auto" | "on" | "off",
): boolean {
  if (setting !== "auto") return setting === "on";
  const name = `${model.name} ${model.finetune ?? ""}`.toLowerCase();
  const words = name.split(/[^a-z]+/);
  if (model.parameters < leastParameters) return false;
  return (
    words.some((word) => tunedWords.has(word)) ||
    (tunedFamilies.test(name) && !words.includes("base"))
  );
}
