import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostService } from "../../server/host/hostService.ts";
import type { HostModel } from "../../server/host/model.ts";
import { seededRandom } from "../../server/host/sample.ts";
import { createTokenEdits } from "../../server/tokens/tokenEdits.ts";
import { tokenEnds } from "../../server/tokens/tokenEnds.ts";
import type { TextChange, WeighParams } from "../../server/protocol/host.ts";
import { startBundledModel } from "../support/bundledModel.ts";

const never = new AbortController().signal;

let model: HostModel;
let service: HostService;
beforeAll(async () => {
  ({ model, service } = await startBundledModel());
});
afterAll(() => service.dispose());

describe("weighing with the bundled model", () => {
  const text = [
    "export function sum(values: readonly number[]): number {",
    "  let total = 0;",
    "  for (const value of values) {",
    "    total += index;",
    "  }",
    "  return values;",
    "}",
    "",
  ].join("\n");
  const change = (from: string, to: string) => {
    const start = text.indexOf(from);
    return { start, end: start + from.length, text: to };
  };
  const alternatives = [
    [change("index", "value")],
    [change("values;", "total;")],
    [change("+=", "-=")],
    [change("let ", "")],
    [change("total = 0", "total = value"), change("total += index", "total += 0")],
    [change("readonly ", "")],
  ].map((changes, site) => ({ changes, site, prior: 0 }));
  const prefix = [{ special: "<file_sep>" }, { text: "import { a } from './a';\n" }];
  const params: WeighParams = {
    id: "1",
    prefix,
    text,
    from: 20,
    alternatives,
    most: 100,
    mostPerSite: 4,
    leastFirst: -1000,
    horizon: 1000,
    giveUp: -1000,
    priority: "background",
  };
  const weigh = (changes: Partial<WeighParams> = {}) =>
    service.weigh({ ...params, ...changes }, () => undefined, never);
  const edited = (changes: readonly TextChange[]): string =>
    [...changes]
      .reverse()
      .reduce(
        (whole, { start, end, text: by }) => whole.slice(0, start) + by + whole.slice(end),
        text,
      );

  it("gives the odds that two scorings give", async () => {
    const candidates = [text, ...alternatives.map(({ changes }) => edited(changes))];
    const scored = await service.score({ prefix, candidates, priority: "background" }, never);
    const [written = NaN, ...others] = (scored?.candidates ?? []).map((tokens) =>
      tokens.reduce((sum, token) => sum + token.logProbability, 0),
    );
    const result = await weigh();
    expect(result?.alternatives).toHaveLength(others.length);
    for (const [index, { odds }] of (result?.alternatives ?? []).entries()) {
      expect(odds?.complete).toBe(true);
      const both = (odds?.change ?? NaN) + (odds?.after ?? NaN);
      expect(Math.abs(both - ((others[index] ?? NaN) - written))).toBeLessThan(0.05);
    }
  });

  it("looks at each token as scoring does", async () => {
    const scored = await service.score(
      { prefix, candidates: [text], priority: "background" },
      never,
    );
    const result = await weigh({ from: 0, alternatives: [] });
    expect(result?.tokens.at(-1)?.end).toBe(text.length);
    expect(result?.tokens).toHaveLength(scored?.candidates[0]?.length ?? -1);
    for (const [index, token] of (scored?.candidates[0] ?? []).entries()) {
      const looked = result?.tokens[index];
      expect(Math.abs((looked?.logProbability ?? NaN) - token.logProbability)).toBeLessThan(0.05);
    }
  });

  it("evaluates nothing of a text that it has weighed before, and little of one that goes on otherwise", async () => {
    const anew = { prefix: [{ text: "// anew\n" }], alternatives: alternatives.slice(0, 2) };
    const first = await weigh(anew);
    const second = await weigh(anew);
    expect(first?.usage.evaluatedTokens).toBeGreaterThan(50);
    expect(second?.usage.evaluatedTokens).toBe(0);
    expect(second?.alternatives).toEqual(first?.alternatives);
    const other = await weigh({
      ...anew,
      text: text.replace("return values", "return 0"),
      alternatives: alternatives.slice(0, 1),
    });
    expect(other?.usage.reusedTokens).toBeGreaterThan(20);
  });

  it("finds the tokens that a change makes as tokenising the whole text does", () => {
    const whole =
      readFileSync(new URL(import.meta.url), "utf8") + "const größe = '日本 👩‍👧';\r\n\n\n\tif";
    const tokens = model.tokenize(whole);
    const written = { text: whole, tokens, ends: tokenEnds(model, whole, tokens) };
    expect(written.ends.at(-1)).toBe(whole.length);
    let long = 0;
    const counting = (part: string): number[] => {
      if (part.length > 1000) long++;
      return model.tokenize(part);
    };
    const edits = createTokenEdits({ tokenize: counting }, written);
    const random = seededRandom(3);
    const texts = ["", "x", " ", "\n", "!", "await ", "é", "  \n\t", "'"];
    for (let round = 0; round < 300; round++) {
      const start = Math.floor(random() * whole.length);
      const end = Math.min(whole.length, start + Math.floor(random() * 9));
      const by = texts[Math.floor(random() * texts.length)] ?? "";
      const edit = edits.of([{ start, end, text: by }]);
      const found = [...tokens.slice(0, edit.at), ...edit.tokens, ...tokens.slice(edit.resumesAt)];
      expect(found).toEqual(model.tokenize(whole.slice(0, start) + by + whole.slice(end)));
    }
    expect(long).toBeLessThan(30);
  });
});
