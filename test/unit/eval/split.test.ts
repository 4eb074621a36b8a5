import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { evalPackages } from "../../../scripts/eval/packages.ts";
import { trainedOn } from "../../../scripts/eval/trainingPackages.ts";

describe("the packages of the evaluation", () => {
  it("are not among those that the bundled model was trained on", async () => {
    const table = new URL("../../../media/models/training-packages.tsv", import.meta.url);
    expect(trainedOn(evalPackages, await readFile(table, "utf8"))).toEqual([]);
  });

  it("are each either fitted on or tested on", () => {
    const names = evalPackages.map(({ registry, name }) => `${registry}:${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("cover each language in both splits", () => {
    const kinds = new Set(evalPackages.map(({ split, language }) => `${split} ${language}`));
    expect(kinds.size).toBe(6);
  });

  it("are recognised under any spelling that PyPI takes for the same name", () => {
    const [item] = evalPackages.filter(({ name }) => name === "more-itertools");
    const table = "registry\tpackage\tversion\tlicence\npypi\tMore_Itertools\t1.0\tMIT\n";
    expect(trainedOn(item ? [item] : [], table)).toEqual([item]);
  });
});
