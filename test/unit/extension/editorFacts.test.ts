import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCompletionExtensions } from "../../../extension/completionExtensions.ts";
import { sideOf } from "../../../extension/side.ts";
import { keysInFiles } from "../../../extension/workspaceFiles.ts";

describe("the side on which the extension runs", () => {
  it.each<[string | undefined, boolean, boolean, string]>([
    [undefined, false, false, "local"],
    [undefined, false, true, "server"],
    ["ssh-remote", false, false, "ssh"],
    ["ssh-remote", true, false, "local"],
    ["wsl", false, false, "wsl"],
    ["dev-container", false, false, "container"],
    ["attached-container", false, false, "container"],
    ["codespaces", false, true, "codespaces"],
    ["localhost:8080", false, true, "server"],
    ["127.0.0.1:8080", false, false, "server"],
    ["tunnel", false, false, "other"],
  ])(
    "of %s, beside the window %s, in a browser %s, is %s",
    (remoteName, beside, inBrowser, side) => {
      expect(sideOf({ remoteName, beside, inBrowser })).toBe(side);
    },
  );
});

describe("extensions that complete", () => {
  it("are those that are known and there", () => {
    const there: Record<string, { isActive: boolean }> = {
      "TabbyML.vscode-tabby": { isActive: true },
      "Continue.continue": { isActive: false },
      "someone.theme": { isActive: true },
    };
    const found = findCompletionExtensions((id) => there[id]);
    expect(found).toEqual([
      { id: "Continue.continue", name: "Continue", active: false },
      { id: "TabbyML.vscode-tabby", name: "Tabby", active: true },
    ]);
  });
});

describe("settings that a workspace names in its files", () => {
  it("are found in files with comments and with mistakes, and nowhere else", () => {
    const folder = mkdtempSync(join(tmpdir(), "starcoder-workspace-"));
    const path = join(folder, "settings.json");
    writeFileSync(
      path,
      '{\n  // "starcoder.backend": "cpu",\n  "starcoder.model.path": "/evil.gguf",\n  "editor.tabSize": 2,,\n}',
    );
    expect(keysInFiles([path, join(folder, "missing.json"), folder])).toEqual(["model.path"]);
    rmSync(folder, { recursive: true });
  });
});
