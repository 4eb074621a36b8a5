import { describe, expect, it } from "vitest";
import { detectFamily } from "../../../server/completion/prompt/families.ts";
import { fillsIn } from "../../../server/models/fillsIn.ts";
import { specialTokenCandidates } from "../../../server/protocol/host.ts";

function familyOf(specialTokens: readonly string[]): string | undefined {
  return detectFamily({
    ...{ path: "", name: "", architecture: "", tokenizerPre: "", quantization: "" },
    ...{ fileSizeBytes: 0, parameters: 0, trainContextSize: 0, contextSize: 0 },
    ...{ specialTokens: [...specialTokens], vocabularySize: 0 },
  })?.id;
}

describe("whether a vocabulary can fill in the middle", () => {
  it("is the same to the store as to the prompts, for any two or three of the known tokens", () => {
    const tokens = specialTokenCandidates;
    const sets = tokens.flatMap((first, i) =>
      tokens
        .slice(i + 1)
        .flatMap((second, j) => [
          [first, second],
          ...tokens.slice(i + j + 2).map((third) => [first, second, third]),
        ]),
    );
    const differing = sets.filter((set) => fillsIn(set) !== (familyOf(set) !== undefined));
    expect(differing).toEqual([]);
    expect(sets.filter((set) => fillsIn(set)).length).toBeGreaterThan(6);
  });
});
