import { placeOf } from "../../../server/completion/place.ts";
import { detectFamily } from "../../../server/completion/prompt/families.ts";
import { createPrompter } from "../../../server/completion/prompt/prompter.ts";
import type { Engine } from "../../../server/engine/engine.ts";
import type { ModelDescription, PromptPart } from "../../../server/protocol/host.ts";
import { settingsFor, type Typist } from "./product.ts";

/**
 * Plain PSM on the same engine: `PRE prefix SUF suffix MID`, not healed, with the same text around
 * the cursor as the product's (whose windows stay put: better than the usual sliding ones).
 */
export function createPlainTypist(
  engine: Engine,
  model: ModelDescription,
  tokensPerKey: number,
): Typist {
  const settings = settingsFor(tokensPerKey);
  const family = detectFamily(model);
  if (family === undefined) throw new Error("The model cannot fill in the middle.");
  const prompter = createPrompter({
    model,
    family,
    usesGpu: false,
    contextSources: [],
    repositoryName: () => "project",
  });
  return async ({ text, offset }) => {
    const document = {
      uri: "file:///bench.ts",
      path: "bench.ts",
      languageId: "typescript",
      version: 1,
      text,
    };
    const place = placeOf(document, offset);
    const prepared = prompter.prepare(
      place,
      { document, offset, trigger: "invoked", requestId: "plain" },
      settings,
    );
    const { head, middle, suffix } = prepared.located;
    const before: PromptPart[] = [{ special: family.prefix }, { text: head + middle }];
    const after: PromptPart[] = [{ special: family.suffix }, { text: suffix }];
    const prompt =
      family.middle === undefined
        ? [...after, ...before]
        : [...before, ...after, { special: family.middle }];
    const start = performance.now();
    const outcome = await engine.generate(
      {
        prompt,
        heal: "",
        priority: "typing",
        maxTokens: tokensPerKey,
        sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
        stopTokens: [...family.stopTokens],
        stopStrings: [],
      },
      () => undefined,
      new AbortController().signal,
    );
    const ms = performance.now() - start;
    if (outcome.kind === "failed") throw outcome.error;
    if (outcome.kind === "cancelled") throw new Error("Cancelled.");
    const { usage } = outcome.value;
    prompter.observe(usage, prepared.characters);
    return {
      ms,
      evaluatedTokens: usage.evaluatedTokens,
      generatedTokens: usage.generatedTokens,
      promptTokens: usage.evaluatedTokens + usage.reusedTokens,
    };
  };
}
