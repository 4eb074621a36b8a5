import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lineAt } from "../../../extension/views/lineAt.ts";

describe("the line of a place in a file", () => {
  let file = "";
  beforeEach(async () => {
    file = path.join(await mkdtemp(path.join(tmpdir(), "starcoder-line-")), "a.jsonl");
  });
  afterEach(() => rm(path.dirname(file), { recursive: true }));

  it("is counted by bytes, not by characters", async () => {
    const lines = ["ä€😀", "second", "third"];
    await writeFile(file, `${lines.join("\n")}\n`);
    expect(await lineAt(file, 0)).toBe(0);
    expect(await lineAt(file, Buffer.byteLength("ä€😀\n"))).toBe(1);
    expect(await lineAt(file, Buffer.byteLength("ä€😀\nsecond\n"))).toBe(2);
  });

  it("is the last one of a file that has become shorter", async () => {
    await writeFile(file, "a\nb\n");
    expect(await lineAt(file, 1_000_000)).toBe(2);
  });

  it("is that of the right line beyond what is read at once", async () => {
    const line = `${"x".repeat(99)}\n`;
    await writeFile(file, line.repeat(5000));
    expect(await lineAt(file, 4321 * 100)).toBe(4321);
  });
});
