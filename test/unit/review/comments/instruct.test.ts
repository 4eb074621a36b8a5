import { describe, expect, it } from "vitest";
import { isInstruct } from "../../../../server/review/comments/instruct.ts";

describe("whether a model follows instructions", () => {
  it.each([
    { name: "Qwen2.5 Coder 1.5B Instruct AWQ", finetune: "Instruct-AWQ" },
    { name: "starcoder2-15b-instruct-v0.1" },
    { name: "Codegemma 7b It" },
    { name: "Deepseek Llm 7B Chat" },
    { name: "model", finetune: "Instruct" },
    { name: "Qwen3 8B" },
    { name: "Codestral 22B v0.1" },
  ])("is told by the name its file gives: $name", (model) => {
    expect(isInstruct({ parameters: 3e9, ...model }, "auto")).toBe(true);
  });

  it.each([
    { name: "StarCoder2 3B" },
    { name: "Qwen2.5 Coder 0.5B", chatTemplate: true },
    { name: "Granite 8B Code Base", finetune: "base" },
    { name: "Itinerary 1B" },
    { name: "Qwen3 8B Base" },
    { name: "Qwen2.5 Coder 32B" },
  ])("is not told by a chat template: $name", (model) => {
    expect(isInstruct({ parameters: 3e9, ...model }, "auto")).toBe(false);
  });

  it("is as the setting says, whatever the name", () => {
    expect(isInstruct({ name: "StarCoder2 3B", parameters: 3e9 }, "on")).toBe(true);
    expect(isInstruct({ name: "Any Instruct", parameters: 7e9 }, "off")).toBe(false);
  });

  it("takes a model that is too small to follow them only when told to", () => {
    const small = { name: "Qwen2.5 Coder 0.5B Instruct", parameters: 6.3e8 };
    expect(isInstruct(small, "auto")).toBe(false);
    expect(isInstruct(small, "on")).toBe(true);
  });
});
