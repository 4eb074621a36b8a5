import type { ModelDescription } from "../../../protocol/host.ts";

type Described = Pick<
  ModelDescription,
  "name" | "path" | "architecture" | "parameters" | "vocabularySize"
>;

/**
 * Whether two servers have the same model, however they call its file and whatever it is quantized
 * to: a text begun by one may be gone on with by the other.
 */
export function isSameModel(one: Described, other: Described): boolean {
  const names = [one, other].map(bareName);
  if (names[0] === names[1]) return true;
  const counts = (model: Described) => [model.parameters, model.vocabularySize];
  const known = [...counts(one), ...counts(other)].every((count) => count > 0);
  return known && counts(one).join() === counts(other).join();
}

/** `org/Some-Coder-7B-GGUF/some-coder-7b-q4_k_m.gguf` is `some-coder-7b`. */
function bareName({ name, path, architecture }: Described): string {
  const text = name || path || architecture;
  const last = text.split(/[\\/]/).findLast((part) => part !== "") ?? "";
  return last
    .toLowerCase()
    .replace(/\.gguf$/, "")
    .replace(/-0000\d-of-\d+$/, "")
    .replace(/[-_.](gguf|gptq|awq|fp8|int[48]|bnb|4bit|8bit|bf16|f16|fp16|f32|i?q\d[\w]*)$/, "");
}
