import { expect, it } from "vitest";
import { createReadingCache } from "../../../server/syntax/readingCache.ts";
import type { CodeReading } from "../../../server/syntax/reading.ts";
import { loadedSyntax } from "../../support/syntax.ts";

function emptyReading(): CodeReading {
  return {
    ...{ units: [], imports: [], declarations: [], names: [], scopes: [], operators: [] },
    ...{ literals: [], calls: [], members: [], conditions: [], statements: [] },
    ...{ comments: [], errors: [] },
  };
}

it("keeps the last two readings", () => {
  const cache = createReadingCache();
  const first = cache.get("go", "a", emptyReading);
  cache.get("go", "b", emptyReading);
  expect(cache.get("go", "a", emptyReading)).toBe(first);
  cache.get("go", "c", emptyReading);
  expect(cache.get("go", "a", emptyReading)).toBe(first);
  expect(cache.get("rust", "a", emptyReading)).not.toBe(first);
});

it("does not keep that a text cannot be read yet", () => {
  const cache = createReadingCache();
  expect(cache.get("go", "a", () => undefined)).toBeUndefined();
  expect(cache.get("go", "a", emptyReading)).toBeDefined();
});

it("reads no language whose roles are not known, and no text that is too long", async () => {
  const syntax = await loadedSyntax("css", "python");
  expect(syntax.read("css", "a { b: c }")).toBeUndefined();
  expect(syntax.read("klingon", "a")).toBeUndefined();
  expect(syntax.read("python", "a = 1\n".repeat(20_000))).toBeUndefined();
  expect(syntax.read("python", "a = 1\n")?.names).toHaveLength(1);
  syntax.dispose();
});
