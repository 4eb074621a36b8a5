import type { PromptPart } from "../../../protocol/host.ts";

/** Special tokens of families, by how their models are called; narrower names come first. */
const byName: readonly (readonly [RegExp, readonly string[]])[] = [
  [/santacoder/i, ["<fim-prefix>", "<fim-suffix>", "<fim-middle>", "<|endoftext|>"]],
  [
    /starcoder-?2/i,
    ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>", "<repo_name>", "<|endoftext|>"],
  ],
  [
    /starcoder|granite.*code/i,
    ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<filename>", "<reponame>", "<|endoftext|>"],
  ],
  [/stable-?code/i, ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>"]],
  [
    /qwen.*coder/i,
    [
      ...["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>"],
      ...["<|repo_name|>", "<|file_sep|>", "<|endoftext|>", "<|im_end|>"],
    ],
  ],
  [/code-?gemma/i, ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"]],
  [/deepseek.*coder/i, ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"]],
  [/code-?llama/i, ["<PRE>", "<SUF>", "<MID>", "<EOT>"]],
  [/codestral|devstral/i, ["[PREFIX]", "[SUFFIX]"]],
];

/** The special tokens that a model of this name should have; none where no family is called so. */
export function specialTokensOf(name: string): readonly string[] {
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? [];
}

/** What no model writes there that does not read what follows. */
export const fimTrial = {
  prefix: 'kind = "',
  suffix: '"\nassert kind == "marmalade"\n',
  expected: "marmalade",
} as const;

/** The trial as a prompt; undefined where the tokens are those of no family. */
export function fimTrialPrompt(special: readonly string[]): PromptPart[] | undefined {
  const [prefix, suffix, middle] = special;
  if (prefix === undefined || suffix === undefined) return undefined;
  const before = [{ special: prefix }, { text: fimTrial.prefix }];
  const after = [{ special: suffix }, { text: fimTrial.suffix }];
  // Codestral goes on from its prefix, which comes last.
  return middle === undefined || !/mid|end/i.test(middle)
    ? [...after, ...before]
    : [...before, ...after, { special: middle }];
}
