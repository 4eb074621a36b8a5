import { describe, expect, it } from "vitest";
import { linesSince } from "../../../server/review/changes.ts";
import { matchLines } from "../../../server/review/lineDiff.ts";
import { hashLines, linesOf } from "../../../server/review/lines.ts";
import {
  createFixture,
  createStores,
  documentOf,
  linesOf as found,
  uri,
} from "./support/fixture.ts";

/** Checks which lines (from 1) of a text changed. */
function check(before: string, after: string, expected: number[]): void {
  const changed = linesSince(hashLines(linesOf(before)), hashLines(linesOf(after)));
  expect([...changed].sort((a, b) => a - b).map((line) => line + 1)).toEqual(expected);
}

describe("changed lines", () => {
  it("are those that are new or other than before", () => {
    check("a\nb\nc", "a\nx\nc", [2]);
    check("a\nb\nc", "a\nx\ny\nb\nc", [2, 3]);
    check("a\nb", "a\nb", []);
  });

  it("are the neighbours of lines that were only taken away", () => {
    check("a\nb\nc\nd", "a\nd", [1, 2]);
    check("a\nb\nc", "b\nc", [1]);
    check("a\nb\nc", "a\nb", [2]);
  });

  it("are none where only line breaks, spaces at line ends or blank lines differ", () => {
    check("a\nb\nc", "a\r\nb\r\nc", []);
    check("a\nb", "a  \nb\t", []);
    check("a\n\n\nb", "a\nb", []);
  });

  it("are found at once in a rewrite of a long text", () => {
    const before = Array.from({ length: 30_000 }, (_, i) => `old ${i}`);
    const after = Array.from({ length: 30_000 }, (_, i) => `new ${i}`);
    const all = hashLines(["same", ...after, "end"]);
    const startedAt = performance.now();
    const { oldOf } = matchLines(hashLines(["same", ...before, "end"]), all);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect([oldOf[0], oldOf[1], oldOf.at(-1)]).toEqual([0, -1, 30_001]);
  });
});

describe("what a review of changes looks at", () => {
  it("is what differs from git's HEAD at first, then from the last review", async () => {
    const { review, lookedLines } = createFixture({
      committed: () => ({ kind: "text", text: "one();\r\ntwo();\r\nthree();\r\n" }),
    });
    await review("one();\ntwo(2);\nthree();\n");
    expect(lookedLines()).toEqual([2]);
    const again = await review("one();\ntwo(2);\nthree();\n");
    expect(again.skipped?.reason).toBe("unchanged");
    await review("one();\ntwo(2);\nthree(3);\n");
    expect(lookedLines()).toEqual([3]);
  });

  it("is all of a file that git does not hold", async () => {
    const { reviewer, review, lookedLines } = createFixture({
      committed: () => ({ kind: "untracked" }),
    });
    reviewer.opened(documentOf("one();\ntwo();"));
    await review("one();\ntwo();");
    expect(lookedLines()).toEqual([1, 2]);
  });

  it.each([["noRepository"], ["noHead"]] as const)(
    "is what differs from the document as opened where git says %s",
    async (kind) => {
      const { reviewer, review, lookedLines } = createFixture({ committed: () => ({ kind }) });
      reviewer.opened(documentOf("one();\ntwo();"));
      await review("one();\ntwo();\nthree();");
      expect(lookedLines()).toEqual([3]);
    },
  );

  it("is everything where nothing is known", async () => {
    const { review, lookedLines } = createFixture();
    await review(documentOf("one();\n\ntwo();", { uri: "untitled:1" }));
    expect(lookedLines()).toEqual([1, 3]);
  });

  it("is what differs from another revision where that is asked for", async () => {
    const { review, lookedLines } = createFixture({
      committed: (revision) =>
        revision === "main"
          ? { kind: "text", text: "one();" }
          : { kind: "text", text: "one();\ntwo();\nthree();" },
    });
    await review("one();\ntwo();\nthree();", { since: "main" });
    expect(lookedLines()).toEqual([2, 3]);
  });

  it("cannot be told for a revision that is not there, nor is there a score", async () => {
    const { review } = createFixture({ committed: () => ({ kind: "badRevision" }) });
    const result = await review("one();", { since: "nowhere" });
    expect(result.scoreError).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(result.scoreError?.message).toContain("nowhere");
    expect(result.score).toBeUndefined();
  });

  it("survives a restart, and lines with findings are looked at again", async () => {
    const stores = createStores();
    const text = "one();\nBUG();\nthree();";
    const first = await createFixture({ stores }).review(text);
    expect(found(first)).toEqual([2]);
    expect(JSON.stringify(stores.snapshots.get(uri))).not.toContain("one");
    const next = createFixture({ stores });
    const again = await next.review(`zero();\n${text}`);
    expect(next.lookedLines()).toEqual([1, 3]);
    expect(found(again)).toEqual([3]);
  });

  it("leaves out blank lines and lines that hold data", async () => {
    const { review, lookedLines } = createFixture();
    await review(`one();\n\n   \nconst data = "${"x".repeat(3000)}";\nfive();`);
    expect(lookedLines()).toEqual([1, 5]);
  });

  it("is the chosen lines of a selection; the others stay due", async () => {
    const { review, lookedLines } = createFixture();
    await review("one();\ntwo();\nthree();", { scope: { start: 1, end: 2 } });
    expect(lookedLines()).toEqual([2]);
    await review("one();\ntwo();\nthree();");
    expect(lookedLines()).toEqual([1, 3]);
  });
});
