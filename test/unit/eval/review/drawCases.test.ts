import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../scripts/eval/random.ts";
import {
  drawKinds,
  interleave,
  suitableFunctions,
  type CandidateFunction,
} from "../../../../scripts/eval/review/drawCases.ts";
import type { BugKind, CodeReader } from "../../../../scripts/eval/review/inject/bugs.ts";
import { reviewPackages } from "../../../../scripts/eval/review/packages.ts";
import { trainedOn } from "../../../../scripts/eval/trainingPackages.ts";

const anything: CodeReader = { read: () => undefined, parses: () => true };

function candidate(owner: string, kinds: readonly BugKind[]): CandidateFunction {
  return {
    package: owner,
    split: "test",
    language: "javascript",
    path: "a.js",
    text: "f(1)",
    name: "f",
    start: 0,
    end: 4,
    sites: kinds.map((kind) => ({ kind, bugs: [{ kind, start: 2, end: 3, text: "0" }] })),
  };
}

describe("the packages of the review's evaluation", () => {
  it("are not among those that the bundled model was trained on", async () => {
    const table = new URL("../../../../media/models/training-packages.tsv", import.meta.url);
    expect(trainedOn(reviewPackages, await readFile(table, "utf8"))).toEqual([]);
  });

  it("are each in one split only, and cover each language in both", () => {
    const names = reviewPackages.map(({ registry, name }) => `${registry}:${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(reviewPackages.map((item) => `${item.split} ${item.language}`)).size).toBe(6);
  });
});

describe("drawing functions", () => {
  it("takes the outermost of 5 to 40 lines", () => {
    const lines = (count: number): string => "x\n".repeat(count - 1) + "x";
    const text = lines(60);
    const long = { name: "long", start: 0, end: lines(60).length };
    const outer = { name: "outer", start: 0, end: lines(20).length };
    const inner = { name: "inner", start: 2, end: lines(10).length };
    const short = { name: "short", start: 80, end: 83 };
    expect(suitableFunctions(text, [long, outer, inner, short])).toEqual([outer]);
  });

  it("lets kinds that few functions offer choose first, and uses no function twice", () => {
    const both = candidate("rare", ["missing-await", "negation"]);
    const plain = candidate("plain", ["negation"]);
    const drawn = drawKinds([both, plain, plain], 1, anything, seededRandom(1));
    expect(drawn.get("missing-await")?.map((one) => one.package)).toEqual(["rare"]);
    expect(drawn.get("negation")?.map((one) => one.package)).toEqual(["plain"]);
  });

  it("takes packages in turns", () => {
    const many = Array.from({ length: 20 }, () => candidate("large", ["negation"]));
    const drawn = drawKinds(
      [...many, candidate("small", ["negation"])],
      2,
      anything,
      seededRandom(3),
    );
    const owners = drawn.get("negation")?.map((one) => one.package);
    expect(owners?.sort()).toEqual(["large", "small"]);
  });

  it("gives every kind once before any comes again", () => {
    const kinds: readonly BugKind[] = ["negation", "wrong-literal", "missing-return"];
    const candidates = kinds.flatMap((kind) => [candidate("a", [kind]), candidate("b", [kind])]);
    const drawn = drawKinds(candidates, 2, anything, seededRandom(1));
    const order = interleave([drawn], 2, seededRandom(1)).map(({ bug }) => bug.kind);
    expect(order.slice(0, 3).sort()).toEqual([...kinds].sort());
    expect(order).toHaveLength(6);
  });
});
