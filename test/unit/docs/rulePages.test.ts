import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ruleIds } from "../../../server/protocol/review.ts";

const folder = fileURLToPath(new URL("../../../docs/rules", import.meta.url));
const nameOf = (id: string): string => id.replace("starcoder/", "");

describe("the pages of the rules", () => {
  it("are one for each rule, and no others", () => {
    const names = readdirSync(folder).sort();
    expect(names).toEqual(ruleIds.map((id) => `${nameOf(id)}.md`).sort());
  });

  it.each(ruleIds)("of %s names its id, two languages and every way to silence it", (id) => {
    const page = readFileSync(`${folder}/${nameOf(id)}.md`, "utf8");
    for (const words of [
      `\`${id}\``,
      `starcoder-ignore-line ${nameOf(id)}`,
      `starcoder-ignore-next-line ${nameOf(id)}`,
      `starcoder-ignore-file ${nameOf(id)}`,
      `{ "${id}": false }`,
      "```ts",
      "```python",
      "## Where it is wrong",
    ]) {
      expect(page).toContain(words);
    }
  });

  it("are allowed into the package", () => {
    const allowed = readFileSync(`${folder}/../../.vscodeignore`, "utf8");
    expect(allowed.split("\n")).toContain("!docs/rules/*.md");
  });
});
