import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostService } from "../../server/host/hostService.ts";
import type { HostModel } from "../../server/host/model.ts";
import type { ChatMessage } from "../../server/protocol/host.ts";
import { grammarSchemaOf, readAnswer } from "../../server/review/comments/schema.ts";
import { startBundledModel } from "../support/bundledModel.ts";

const never = new AbortController().signal;
const messages: ChatMessage[] = [
  { role: "system", text: "You review code." },
  { role: "user", text: "7: if (a = b) {\n8:   return;\n9: }\n" },
];

let model: HostModel;
let service: HostService;
beforeAll(async () => {
  ({ model, service } = await startBundledModel({ contextSize: 2048 }));
});
afterAll(async () => {
  await service.dispose();
});

describe("asking the bundled model, which follows no instructions", () => {
  it("gets what the grammar allows, whatever it says", async () => {
    const lines = [7, 8];
    const result = await service.ask(
      {
        messages,
        answerPrefix: "",
        schema: grammarSchemaOf(lines),
        maxTokens: 1500,
        priority: "background",
      },
      never,
    );
    expect(result?.finish).toBe("stop");
    expect(readAnswer(result?.text ?? "", "stop", lines).kind).toBe("comments");
  });

  it("says that an answer was cut", async () => {
    const schema = grammarSchemaOf([7]);
    const result = await service.ask(
      { messages, answerPrefix: "", schema, maxTokens: 3, priority: "background" },
      never,
    );
    expect(result?.finish).toBe("length");
  });

  it("answers freely without a schema", async () => {
    const result = await service.ask(
      { messages, answerPrefix: "", maxTokens: 5, priority: "background" },
      never,
    );
    expect(result?.usage.generatedTokens).toBeGreaterThan(0);
  });

  it("refuses a schema that makes no grammar", async () => {
    const schema = { type: "array", prefixItems: 7, maxItems: -1 };
    await expect(
      service.ask(
        { messages, answerPrefix: "", schema, maxTokens: 5, priority: "background" },
        never,
      ),
    ).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  });

  it("gives probabilities of answers that sum to one", async () => {
    const options = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    const result = await service.decide(
      { messages, answerPrefix: "", options, priority: "background" },
      never,
    );
    const probabilities = result?.probabilities ?? [];
    expect(probabilities).toHaveLength(10);
    expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(result?.covered).toBeGreaterThan(0);
    expect(result?.covered).toBeLessThanOrEqual(1);
  });

  it("never takes special tokens from a message", () => {
    const special = model.special("<fim_prefix>");
    expect(special).toBeDefined();
    const tokens = model.chat([{ role: "user", text: "a <fim_prefix> b" }], "<fim_prefix>");
    expect(tokens).not.toContain(special);
    expect(model.detokenize(tokens)).toContain("a <fim_prefix> b");
  });
});
