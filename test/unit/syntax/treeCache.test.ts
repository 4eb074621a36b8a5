import { expect, it } from "vitest";
import { createGrammars } from "../../../server/syntax/loadGrammars.ts";
import { createTreeCache } from "../../../server/syntax/treeCache.ts";
import { wasmDirectory } from "../../support/syntax.ts";

it("gives up on a text that takes too long, pauses, and then parses again", async () => {
  const grammars = createGrammars({
    wasmDirectory,
    onError(_, cause) {
      throw cause;
    },
  });
  const parser = await grammars.load("typescript");
  if (parser === undefined) throw new Error("no grammar");
  let time = 0;
  let step = 1000;
  const cache = createTreeCache(parser, () => (time += step));
  expect(cache.parse("'".repeat(2000))).toBeUndefined();
  step = 0;
  let unanswered = 0;
  while (cache.parse("const a = 1;") === undefined) unanswered++;
  expect(unanswered).toBe(20);
  expect(cache.parse("const a = 2;")?.rootNode.hasError).toBe(false);
  cache.clear();
  grammars.dispose();
});

it("parses once without taking the place of a tree that is kept", async () => {
  const grammars = createGrammars({
    wasmDirectory,
    onError(_, cause) {
      throw cause;
    },
  });
  const parser = await grammars.load("typescript");
  if (parser === undefined) throw new Error("no grammar");
  const cache = createTreeCache(parser, () => 0);
  const kept = cache.parse("const a = 1;");
  for (let count = 0; count < 5; count++) {
    const tree = cache.parseOnce(`const a = ${count}; b(`);
    expect(tree?.rootNode.hasError).toBe(true);
    tree?.delete();
  }
  expect(cache.parse("const a = 1;")).toBe(kept);
  cache.clear();
  grammars.dispose();
});
