import type { GenerateRequest } from "./engine.ts";

/**
 * Asks a model for a few tokens, to see that it writes any. Without special tokens: whether a model
 * can fill in the middle is for its callers to know.
 */
export const trialRequest: GenerateRequest = {
  prompt: [{ text: "function add(left, right) {\n  return left +" }],
  heal: "",
  priority: "typing",
  maxTokens: 4,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};
