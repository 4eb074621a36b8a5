import { describe, expect, it } from "vitest";
import { isServedScheme } from "../../../extension/schemes.ts";

describe("document schemes", () => {
  it.each(["file", "untitled", "vscode-remote", "vscode-notebook-cell", "vscode-vfs", "memfs"])(
    "serves %s documents",
    (scheme) => {
      expect(isServedScheme(scheme)).toBe(true);
    },
  );

  it.each(["output", "log", "git", "vscode-scm"])("does not serve %s documents", (scheme) => {
    expect(isServedScheme(scheme)).toBe(false);
  });
});
