import { describe, expect, it } from "vitest";
import { shippedEntries } from "../../../../server/models/catalogue/shippedEntries.ts";
import { quantizationFor } from "../../../../server/models/fit/quantizationFor.ts";
import { codedErrorOf } from "../../../support/codedErrorOf.ts";
import { machines } from "./machines.ts";

function entry(id: string) {
  const found = shippedEntries().find((known) => known.id === id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
}

const choose = (id: string, given?: string) =>
  quantizationFor(entry(id), given, machines.gpu24, {});

describe("the quantization to download", () => {
  it("is the first that fits, where none is given", () => {
    expect(choose("starcoder2-3b")).toBe("Q4_K_M");
  });

  it("is the one given, as the catalogue spells it", () => {
    expect(choose("starcoder2-3b", "q8_0")).toBe("Q8_0");
  });

  it("may be one that the catalogue does not know, where the repository may have it", () => {
    expect(choose("starcoder2-3b", "Q3_K_S")).toBe("Q3_K_S");
  });

  it("is none that the only file of a repository does not have", () => {
    const { code, message } = codedErrorOf(() => choose("qwen2.5-coder-0.5b", "Q9"));
    expect(code).toBe("VALIDATION_ERROR");
    expect(message).toContain("Q8_0");
  });
});
