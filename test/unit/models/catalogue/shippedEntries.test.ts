import { describe, expect, it } from "vitest";
import { shippedEntries } from "../../../../server/models/catalogue/shippedEntries.ts";
import { readGgufFile } from "../../../../server/models/ggufFile.ts";
import { bundledModelPath } from "../../../support/bundledModel.ts";

const entries = shippedEntries();
/** As `server/completion/prompt/families.ts` calls them. */
const families = [
  "starcoder2",
  "starcoder",
  "qwen2.5-coder",
  "codellama",
  "deepseek-coder",
  "granite-code",
  "codegemma",
  "codestral",
  "stable-code",
];

describe("the models that the product knows", () => {
  it("have ids of their own, StarCoder's first and the bundled one at the top", () => {
    const ids = entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(entries[0]?.source.kind).toBe("bundled");
    const foreign = entries.findIndex(({ family }) => !family?.startsWith("starcoder"));
    expect(entries.slice(foreign).filter(({ id }) => id.includes("starcoder"))).toEqual([]);
    expect(foreign).toBe(9);
  });

  it("describe the bundled model as its file does", async () => {
    const file = await readGgufFile(bundledModelPath);
    expect(entries[0]).toMatchObject({
      parameters: file.parameters,
      contextSize: file.trainContextSize,
      shape: file.shape,
      quantizations: [{ name: file.quantization, sizeBytes: file.sizeBytes }],
    });
  });

  it.each(entries)("$id names its family, licence, shape and files", (entry) => {
    expect(families).toContain(entry.family);
    expect(entry.licence?.name).not.toBe("");
    expect(entry.quantizations.length).toBeGreaterThan(0);
    expect(entry.contextSize).toBeGreaterThanOrEqual(1024);
    const { shape, parameters = 0, source } = entry;
    if (source.kind === "hub") {
      const one = entry.quantizations.length === 1;
      expect(source.file.includes("{quantization}") || one).toBe(true);
      expect(source.file).toMatch(/\.gguf$/);
    }
    if (shape === undefined) throw new Error("no shape");
    expect(shape.heads % shape.kvHeads).toBe(0);
    expect(shape.headSize ?? shape.width % shape.heads).toBe(shape.headSize ?? 0);
    // What the shape adds up to: attention, feed-forward with or without gate, embedding.
    const head = shape.headSize ?? shape.width / shape.heads;
    const attention = 2 * shape.width * head * (shape.heads + shape.kvHeads);
    const feedForward = shape.width * (shape.feedForward ?? 4 * shape.width);
    const rest = 2 * shape.vocabulary * shape.width + 8192 * shape.width;
    expect(parameters).toBeGreaterThan(0.95 * shape.layers * (attention + 2 * feedForward));
    expect(parameters).toBeLessThan(1.05 * (shape.layers * (attention + 3 * feedForward) + rest));
  });

  it.each(entries)("$id has files of sizes that its parameters allow", (entry) => {
    for (const { name, sizeBytes } of entry.quantizations) {
      if (sizeBytes === undefined) continue;
      const bits = (8 * sizeBytes) / (entry.parameters ?? 0);
      const [least, most] = name.startsWith("Q4") ? [4.4, 5.8] : [5, 10];
      expect(bits, name).toBeGreaterThan(least);
      expect(bits, name).toBeLessThan(most);
    }
  });

  it("are not recommended where suggestions are weak or the licence forbids normal use", () => {
    const not = entries.filter(({ recommended }) => !recommended);
    expect(not.map(({ id }) => id)).toEqual([
      "starcoder2-15b",
      "tiny-starcoder-py",
      "qwen2.5-coder-3b",
      "codestral-22b",
    ]);
    for (const { notes } of not) expect(notes[0]).toMatch(/^Not recommended/);
  });

  it("show the restrictions of every licence that has some, in sentences", () => {
    for (const { licence, family } of entries) {
      expect(licence?.restrictions.every((text) => /^[A-Z].*\.$/.test(text))).toBe(true);
      if (licence?.id !== "Apache-2.0") expect(licence?.restrictions).not.toEqual([]);
      if (family === "starcoder") expect(licence?.id).toBe("bigcode-openrail-m");
    }
  });

  it("give a source with each published result", () => {
    for (const { fim } of entries) {
      for (const { score, source } of fim) {
        expect(score).toBeGreaterThan(40);
        expect(score).toBeLessThan(100);
        expect(source).toMatch(/^https:\/\/arxiv\.org\/abs\/\d{4}\.\d{5}$/);
      }
    }
  });
});
