import { describe, expect, it } from "vitest";
import { curveFor, curves, type FittedCurve } from "../../../server/completion/show/curves.ts";
import { featureNames, featuresOf, tokensOf } from "../../../server/completion/show/features.ts";
import { gate, type GateQuery } from "../../../server/completion/show/gate.ts";
import { createParseCheck } from "../../../server/completion/show/parsesNoWorse.ts";
import { partsOf } from "../../../server/completion/show/shorten.ts";
import { loadedSyntax, noSyntax } from "../../support/syntax.ts";

const syntax = await loadedSyntax("typescript", "python");
const curve = { features: ["logOdds"], weights: [1], bias: 0, threshold: 0.5 };

const tokens = (...pairs: [string, number][]) =>
  pairs.map(([text, logProbability]) => ({ text, logProbability }));

function show(options: Partial<GateQuery>) {
  return gate({
    text: "",
    tokens: [],
    before: "const a = ",
    after: "\n",
    languageId: "typescript",
    syntax,
    curve,
    threshold: -1,
    trigger: "automatic",
    ...options,
  });
}

describe("the show gate", () => {
  const sure = tokens(["foo", -0.01], ["(b", -0.01], [");", -0.01], ["\n", -0.01]);
  const unsure = tokens(["foo", -0.01], ["(b", -3], [");", -0.01], ["\n", -0.01]);

  it("shows what is likely right, with its probability", () => {
    const { text, probability } = show({ text: "foo(b);", tokens: sure });
    expect(text).toBe("foo(b);");
    expect(probability).toBeGreaterThan(0.9);
  });

  it("shortens what is not, at a token's end", () =>
    expect(show({ text: "foo(b);", tokens: unsure }).text).toBe("foo"));

  it("shows nothing where no part passes", () =>
    expect(show({ text: "foo(b);", tokens: unsure, threshold: 0.999 }).text).toBe(""));

  it("shows everything when asked for, with the same probability", () => {
    const unasked = show({ text: "foo(b);", tokens: unsure, threshold: 0.999 });
    const asked = show({ text: "foo(b);", tokens: unsure, threshold: 0.999, trigger: "invoked" });
    expect(asked).toEqual({ text: "foo(b);", probability: unasked.probability });
  });

  it("takes the curve's own threshold below zero", () => {
    const strict = { ...curve, threshold: 0.9999 };
    expect(show({ text: "foo(b);", tokens: sure, curve: strict }).text).toBe("");
    expect(show({ text: "foo(b);", tokens: sure, curve: strict, threshold: 0.5 }).text).toBe(
      "foo(b);",
    );
  });

  it("shows nothing that leaves the code parsing worse", () => {
    const text = " two three";
    const query = { before: "const a = one", text, tokens: tokens([text, -0.01]) };
    expect(show(query).text).toBe("");
    expect(show({ ...query, syntax: noSyntax }).text).toBe(text);
  });

  it("keeps of a block the lines that pass", () => {
    const block = tokens(["\n  a();", -0.01], ["\n  b", -0.01], ["();", -4], ["\n}", -0.01]);
    const text = "\n  a();\n  b();\n}";
    expect(show({ before: "function f() {", text, tokens: block }).text).toBe("\n  a();");
  });

  it("nothing stays nothing", () => expect(show({}).text).toBe(""));
});

describe("features", () => {
  it("are finite for any input", () => {
    for (const text of ["", "a", "\n", "😀", '"x"']) {
      const input = { text, tokens: tokens([text, -Infinity]), before: "", after: "" };
      for (const whole of [true, false]) {
        const values = featuresOf({ ...input, languageId: "typescript", whole });
        expect(values).toHaveLength(featureNames.length);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("of a whole line count the token that ends it", () => {
    const all = tokens(["a", -1], [";", -2], ["\n", -3], ["b", -4]);
    const input = { text: "a;", tokens: all, before: "", after: "", languageId: "typescript" };
    expect(tokensOf({ ...input, whole: true })).toHaveLength(3);
    expect(tokensOf({ ...input, whole: false })).toHaveLength(2);
  });
});

describe("parts of a line", () => {
  it("end at tokens and split no word", () => {
    const all = tokens(["to", -1], ["tal", -1], [" +", -1], [" rest", -1], [";", -1]);
    expect(partsOf("total + rest;", all)).toEqual(["total + rest", "total +", "total"]);
  });

  it("have the document's line breaks", () =>
    expect(partsOf("\r\n  total;", tokens(["\n", -1], ["  total", -1], [";", -1]))).toEqual([
      "\r\n  total",
    ]));
});

describe("parsing no worse", () => {
  const sound = (before: string, text: string, after: string, languageId = "typescript") =>
    createParseCheck({ before, after, languageId, syntax })(text);

  it("allows what opens a block that the user will close", () => {
    expect(sound("", "if (a) {", "\nb();\n")).toBe(true);
    expect(sound("x = 1\n", "if x:", "\n", "python")).toBe(true);
  });

  it("forbids what closes too much", () => expect(sound("f(a)", ");", "\n")).toBe(false));

  it("does not mind errors that were there", () =>
    expect(sound("let = = 3;\nconst a = ", "b;", "\n")).toBe(true));
});

describe("curves", () => {
  const fitted = (family: string, parameters: number): FittedCurve => ({
    ...curve,
    family,
    parameters,
    fittedOn: "nothing",
  });
  const among = [fitted("a", 1e7), fitted("a", 1e9), fitted("b", 1e8)];

  it("are chosen by family, then by size", () => {
    expect(curveFor({ parameters: 2e9 }, "a", among)).toBe(among[1]);
    expect(curveFor({ parameters: 3e7 }, "a", among)).toBe(among[0]);
    expect(curveFor({ parameters: 7e9 }, "b", among)).toBe(among[2]);
    expect(curveFor({ parameters: 2e9 }, "c", among)).toBe(among[1]);
  });

  it("that are shipped name known features and have sound numbers", () => {
    for (const { features, weights, bias, threshold } of curves) {
      expect(featureNames).toEqual(expect.arrayContaining([...features]));
      expect(weights).toHaveLength(features.length);
      expect([...weights, bias].every(Number.isFinite)).toBe(true);
      expect(threshold).toBeGreaterThan(0);
      expect(threshold).toBeLessThan(1);
    }
  });
});
