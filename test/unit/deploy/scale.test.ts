import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { shippedEntries } from "../../../server/models/catalogue/shippedEntries.ts";

const guide = readFileSync(
  fileURLToPath(new URL("../../../docs/scale.md", import.meta.url)),
  "utf8",
);

/** As the guide has them: keys a second, tokens a key and a prompt, shares, steps for a line in time. */
const given = { k: 1.2, G: 32, C: 4000, reached: 0.6, load: 0.6, leastSteps: 27 };
const batches = [4, 8, 16, 32, 64];

const ids: Readonly<Record<string, string>> = {
  "Qwen2.5-Coder 0.5B": "qwen2.5-coder-0.5b",
  "Qwen2.5-Coder 1.5B": "qwen2.5-coder-1.5b",
  "Qwen2.5-Coder 7B": "qwen2.5-coder-7b",
  "StarCoder 15.5B": "starcoder",
  "StarCoder2 3B": "starcoder2-3b",
  "StarCoder2 7B": "starcoder2-7b",
  "StarCoder2 15B": "starcoder2-15b",
  "Codestral 22B": "codestral-22b",
  "Code Llama 7B": "codellama-7b",
};

function modelOf(row: string) {
  const name = Object.keys(ids).find((each) => row === each || /^[ ,]/.test(row.replace(each, "")));
  const entry = shippedEntries().find(({ id }) => id === ids[name ?? ""]);
  const { shape, parameters } = entry ?? {};
  if (shape === undefined || parameters === undefined) throw new Error(`No model for ${row}.`);
  const { layers, width, heads, kvHeads } = shape;
  return { bytesPerToken: 2 * layers * kvHeads * (width / heads) * 2, bytes: 2 * parameters };
}

/** The cells of the table with these words in its headings, headings first. */
function tableWith(words: string): readonly (readonly string[])[] {
  const lines = guide.split("\n");
  const start = lines.findIndex((line) => line.startsWith("| model") && line.includes(words));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  return lines
    .slice(start, start + length)
    .filter((_, index) => index !== 1)
    .map(cells);
}

const figure = (text: string) => Number(/[\d,]+/.exec(text)?.[0].replaceAll(",", ""));
const stepsOf = (bandwidth: number, bytes: number) => (given.reached * bandwidth) / bytes;

describe("the guide to sizes", () => {
  it("says how many people an engine serves as its formula does, from the catalogue's shapes", () => {
    const [headings = [], ...rows] = tableWith("GB/s");
    for (const [name = "", ...found] of rows) {
      const { bytes, bytesPerToken } = modelOf(name);
      const weights = name.endsWith("4 bits") ? 5.5e9 : bytes;
      const expected = headings.slice(1).map((gpu) => {
        const [, memory = "", bandwidth = ""] = /, (\d+) GB, ([\d,]+) GB\/s$/.exec(gpu) ?? [];
        const room = (0.9 * figure(memory) - 1.5) * 1e9;
        const allOf = (batch: number) => weights + batch * given.C * bytesPerToken;
        const steps = (batch: number) => stepsOf(figure(bandwidth) * 1e9, allOf(batch));
        const most = batches.findLast(
          (batch) => allOf(batch) <= room && steps(batch) >= given.leastSteps,
        );
        if (most === undefined) return "–";
        const people = (given.load * most * steps(most)) / (given.k * given.G);
        return `${Math.floor(people)} (${most})`;
      });
      expect(found, name).toEqual(expected);
    }
    expect(rows.length).toBeGreaterThan(4);
  });

  it("says what the cache takes as the catalogue's shapes do", () => {
    const [, ...rows] = tableWith("bytes a token");
    for (const [name = "", token = "", prompt = ""] of rows) {
      const { bytesPerToken } = modelOf(name);
      expect(figure(token), name).toBe(bytesPerToken);
      expect(figure(prompt), name).toBe(Math.round((bytesPerToken * 4096) / 1e6));
    }
    expect(rows.length).toBeGreaterThan(6);
  });
});
