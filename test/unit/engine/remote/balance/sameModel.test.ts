import { expect, test } from "vitest";
import { isSameModel } from "../../../../../server/engine/remote/balance/sameModel.ts";

const named = (name: string, parameters = 0, vocabularySize = 0) => ({
  ...{ name, parameters, vocabularySize },
  path: "",
  architecture: "",
});

test.each([
  ["Qwen/Qwen2.5-Coder-7B", "qwen2.5-coder-7b-q4_k_m.gguf"],
  ["/models/qwen2.5-coder-7b-q8_0.gguf", "Qwen2.5-Coder-7B-AWQ"],
  ["starcoder2-3b", "bigcode/starcoder2-3b"],
])("%s and %s are the same model", (one, other) => {
  expect(isSameModel(named(one), named(other))).toBe(true);
});

test.each([
  ["Qwen2.5-Coder-7B", "Qwen2.5-Coder-7B-Instruct"],
  ["Qwen2.5-Coder-7B", "Qwen2.5-Coder-1.5B"],
  ["starcoder2-3b", "starcoder-3b"],
])("%s and %s are different models", (one, other) => {
  expect(isSameModel(named(one), named(other))).toBe(false);
});

test("Servers that call it differently have the same if its size and vocabulary are", () => {
  expect(isSameModel(named("coder", 7e9, 151_936), named("team-model", 7e9, 151_936))).toBe(true);
  expect(isSameModel(named("coder", 7e9, 151_936), named("team-model", 3e9, 151_936))).toBe(false);
});
