/** What a model's name tells, where its server tells nothing else. */
export interface NamedModel {
  /** As GGUF files call it; empty where the name does not tell. */
  readonly architecture: string;
  /** 0: not known. */
  readonly parameters: number;
  readonly isInstruct: boolean;
  /** Empty where the name does not tell. */
  readonly quantization: string;
}

const architectures: readonly (readonly [RegExp, string])[] = [
  [/starcoder-?2/i, "starcoder2"],
  [/starcoder|santacoder/i, "starcoder"],
  [/qwen-?3/i, "qwen3"],
  [/qwen/i, "qwen2"],
  [/granite/i, "granite"],
  [/stable-?code/i, "stablelm"],
  [/deepseek-coder-v2/i, "deepseek2"],
  [/gemma/i, "gemma"],
  [/code-?llama|deepseek-coder|codestral|mistral/i, "llama"],
];

/** @param name such as `Qwen/Qwen2.5-Coder-7B-Instruct-AWQ` */
export function aboutName(name: string): NamedModel {
  const [, count, unit] = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)([bm])(?![a-z0-9])/i.exec(name) ?? [];
  const scale = unit?.toLowerCase() === "m" ? 1e6 : 1e9;
  const quantization = /\b(awq|gptq|fp8|int4|int8|(?:i?q\d\w*))\b/i.exec(name.replace(/_/g, "-"));
  return {
    architecture: architectures.find(([pattern]) => pattern.test(name))?.[1] ?? "",
    parameters: count === undefined ? 0 : Number(count) * scale,
    isInstruct: /instruct|chat|(?:^|[-_/])it(?:$|[-_.])/i.test(name),
    quantization: quantization?.[1]?.toUpperCase() ?? "",
  };
}
