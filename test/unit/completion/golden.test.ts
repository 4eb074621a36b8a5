import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { postprocess } from "../../../server/completion/postprocess/postprocess.ts";
import { curves } from "../../../server/completion/show/curves.ts";
import { gate } from "../../../server/completion/show/gate.ts";
import { purposeOf } from "../../../server/completion/stop/purpose.ts";
import { createStop } from "../../../server/completion/stop/stop.ts";
import { readGolden, scriptedTokens, type GoldenCase } from "../../support/golden.ts";
import { loadedSyntax } from "../../support/syntax.ts";

const directory = new URL("../../golden/", import.meta.url);
const syntax = await loadedSyntax(
  ...[
    "typescript",
    "javascript",
    "python",
    "go",
    "rust",
    "java",
    "cpp",
    "ruby",
    "shellscript",
    "css",
  ],
);
/** Of its own, so that a newly fitted curve does not change what the files say. */
const curve = { features: ["logOdds"], weights: [1], bias: 0, threshold: 0.5 };

function show(golden: GoldenCase): string {
  const place = { ...golden, syntax };
  const purpose = purposeOf({ ...place, multiline: "auto" });
  const stop = createStop({ ...place, purpose, maxLines: 20 });
  const tokens = [];
  let generated = "";
  let kept = "";
  for (const text of scriptedTokens(golden.generated)) {
    tokens.push({ text, logProbability: golden.logProbability });
    generated += text;
    const { done, text: keep } = stop.push(generated);
    kept = keep;
    if (done) break;
  }
  const text = postprocess(kept, place);
  return gate({ ...place, text, tokens, curve, threshold: -1 }).text;
}

for (const file of readdirSync(directory).filter((name) => name.endsWith(".txt"))) {
  describe(`golden completions of ${file}`, () => {
    for (const golden of readGolden(readFileSync(new URL(file, directory), "utf8"))) {
      it(golden.title, () => expect(show(golden)).toBe(golden.shown));
    }
  });
}

it("there is at least one curve to show by", () => expect(curves.length).toBeGreaterThan(0));
