import { expect, it } from "vitest";
import { createRandom } from "../completion/support/random.ts";
import { createFixture, createStores, linesOf } from "./support/fixture.ts";

/** What may stand on a line; some lines are equal, so that a diff has choices. */
const kinds = ["", "same();", "other();", "BUG();", "call(BUG, 1);", "}", "// BUG in a comment"];

it("a review of changes tells all findings there are, whatever was edited, undone or restarted", async () => {
  const random = createRandom(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const line = () => kinds[below(kinds.length)] ?? "";
  for (let round = 0; round < 20; round++) {
    const stores = createStores();
    let fixture = createFixture({ stores });
    let lines = Array.from({ length: below(60) + 1 }, line);
    const history: string[][] = [];
    for (let save = 0; save < 15; save++) {
      const text = lines.join(below(2) === 0 ? "\n" : "\r\n");
      const result = await fixture.review(text);
      const expected = lines.flatMap((each, i) => (each.includes("BUG") ? [i + 1] : []));
      if (result.skipped?.reason !== "empty") expect(linesOf(result)).toEqual(expected);
      history.push([...lines]);
      const edits = below(4);
      for (let edit = 0; edit < edits; edit++) {
        const at = below(lines.length + 1);
        const removed = below(3) === 0 ? below(5) : 0;
        lines.splice(at, removed, ...Array.from({ length: below(3) }, line));
      }
      if (below(6) === 0) lines = [...(history[below(history.length)] ?? lines)];
      if (below(6) === 0) fixture = createFixture({ stores });
    }
  }
});
