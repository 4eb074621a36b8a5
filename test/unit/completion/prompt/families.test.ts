import { expect, it } from "vitest";
import { detectFamily } from "../../../../server/completion/prompt/families.ts";
import { qwenCoder, starCoder2 } from "../support/fakeEngine.ts";

const fim = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"];
const piped = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

it.each([
  ["starcoder2", starCoder2],
  ["starcoder", { architecture: "starcoder", specialTokens: [...fim, "<filename>", "<reponame>"] }],
  ["santacoder", { specialTokens: ["<fim-prefix>", "<fim-suffix>", "<fim-middle>"] }],
  ["qwen2.5-coder", qwenCoder],
  ["codegemma", { architecture: "gemma", specialTokens: piped }],
  ["codegemma", { specialTokens: [...piped, "<|file_separator|>"] }],
  ["stable-code", { architecture: "stablelm", specialTokens: [...fim, "<filename>"] }],
  ["granite-code", { architecture: "llama", name: "Granite 3b Code", specialTokens: fim }],
  ["granite-code", { architecture: "llama", tokenizerPre: "refact", specialTokens: fim }],
  ["codellama", { specialTokens: ["▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"] }],
  ["codellama", { specialTokens: ["<PRE>", "<SUF>", "<MID>"] }],
  ["deepseek-coder", { specialTokens: ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"] }],
  ["codestral", { specialTokens: ["[PREFIX]", "[SUFFIX]", "[MIDDLE]"] }],
  [undefined, { architecture: "llama", specialTokens: ["<|im_end|>", "<|endoftext|>"] }],
])("recognises %s by its metadata and tokens", (id, model) => {
  expect(detectFamily({ ...starCoder2, ...model })?.id).toBe(id);
});

it("never looks at the file name", () => {
  const path = "/models/qwen2.5-coder-codellama.gguf";
  expect(detectFamily({ ...starCoder2, path })?.id).toBe("starcoder2");
});

it("uses no token that the vocabulary lacks", () => {
  const family = detectFamily({ ...starCoder2, specialTokens: [...fim, "<file_sep>"] });
  expect(family?.repository).toEqual({ file: "<file_sep>", separator: "", path: "inPrefix" });
  expect(family?.stopTokens).toEqual([...fim, "<file_sep>"]);
  expect(detectFamily({ ...starCoder2, specialTokens: [...fim] })?.repository).toBeUndefined();
});
