import { loadPrompts } from "../review/comments/loadPrompts.ts";
import type { Prompts } from "../text/promptFile.ts";

/** The prompts of `prompts/generate.md` and the slots of each. */
export const generatePromptSlots = {
  system: [],
  task: ["language", "path", "task", "requirements", "tests", "context"],
  requirements: ["list"],
  tests: ["language", "code"],
  context: ["language", "before", "after"],
} as const;

/** The prompts of `prompts/revise.md` and the slots of each. */
export const revisePromptSlots = {
  system: [],
  revise: [
    "language",
    "path",
    "code",
    "instruction",
    "requirements",
    "findings",
    "recommendations",
    "tests",
    "context",
  ],
  task: ["task"],
  change: ["task"],
  requirements: ["list"],
  findings: ["list"],
  recommendations: ["list"],
  tests: ["language", "code"],
  context: ["language", "before", "after"],
} as const;

export type GeneratePrompts = Prompts<typeof generatePromptSlots>;
export type RevisePrompts = Prompts<typeof revisePromptSlots>;

/** @throws CodedError PROMPT_INVALID naming the file, the prompt and the slot */
export function loadGeneratePrompts(text: string, file = "prompts/generate.md"): GeneratePrompts {
  return loadPrompts(text, generatePromptSlots, file);
}

/** @throws CodedError PROMPT_INVALID naming the file, the prompt and the slot */
export function loadRevisePrompts(text: string, file = "prompts/revise.md"): RevisePrompts {
  return loadPrompts(text, revisePromptSlots, file);
}
