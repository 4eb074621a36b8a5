/** Tokens that stand around the gap; a vocabulary with one of these sets can fill in the middle. */
const tokenSets: readonly (readonly string[])[] = [
  ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
  ["<fim-prefix>", "<fim-suffix>", "<fim-middle>"],
  ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
  ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
  ["▁<PRE>", "▁<SUF>", "▁<MID>"],
  ["<PRE>", "<SUF>", "<MID>"],
  ["[PREFIX]", "[SUFFIX]"],
];

/** Whether a vocabulary with these special tokens can fill in the middle, in a form known here. */
export function fillsIn(specialTokens: readonly string[]): boolean {
  return tokenSets.some((set) => set.every((token) => specialTokens.includes(token)));
}
