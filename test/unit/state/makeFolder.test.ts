import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder } from "../../../server/state/makeFolder.ts";

describe("making a folder", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "starcoder-folder-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("makes those above it, for the user alone, and leaves one that is there", () => {
    const path = join(root, "a", "b", "c");
    makeFolder(path);
    makeFolder(path);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it.skipIf(!existsSync("/proc/self"))("returns where nothing can be made", () => {
    expect(() => makeFolder("/proc/nowhere/home")).toThrow();
  });
});
