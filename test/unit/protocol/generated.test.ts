import { describe, expect, it } from "vitest";
import { renderAll } from "../../../scripts/generate.ts";

describe("what is generated from the tables", () => {
  it("is up to date in package.json, the README and the page of errors", async () => {
    const files = await renderAll();
    expect(files.map(({ file }) => file)).toEqual(["package.json", "README.md", "docs/errors.md"]);
    for (const { file, current, next } of files) {
      expect(current, `${file} is out of date: run npm run generate`).toBe(next);
    }
  });
});
