import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { ensureChromium } from "../../../scripts/editor/ensureChromium.ts";
import { ensureEditor } from "../../../scripts/editor/ensureEditor.ts";
import { mustRun } from "../../../scripts/editor/runCommand.ts";
import { installOnce } from "../../../scripts/editor/startEditor.ts";
import { packageExtension } from "../../../scripts/package.ts";

const root = path.join(import.meta.dirname, "..", "..", "..");

/** What the editor tests run with, or why they cannot run here. */
export type EditorRig =
  | {
      readonly node: string;
      readonly entry: string;
      readonly chromium: string;
      /** The packaged extension, and the folder in which it lies installed for all sessions. */
      readonly vsix: string;
      readonly installed: string;
    }
  | { readonly skipped: string };

declare module "vitest" {
  export interface ProvidedContext {
    rig: EditorRig;
  }
}

/** Installs what is missing, then builds and packages the extension once for all editor tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), "starcoder-installed-"));
  project.provide("rig", await prepare(home));
  return () => rm(home, { recursive: true, force: true });
}

async function prepare(home: string): Promise<EditorRig> {
  const log = (line: string): void => console.log(line);
  const editor = await ensureEditor(log);
  if ("skipped" in editor) return skip(editor.skipped);
  const chromium = await ensureChromium(log);
  if ("skipped" in chromium) return skip(chromium.skipped);
  await rm(path.join(root, "test", "editor", "screenshots", "latest"), {
    recursive: true,
    force: true,
  });
  log("Building and packaging the extension");
  await mustRun(process.execPath, ["--import", "tsx", path.join("scripts", "build.ts")], {
    cwd: root,
  });
  const vsix = await packageExtension({ lean: true });
  const installed = await installOnce(editor, vsix, home);
  return { ...editor, chromium: chromium.executable, vsix, installed };
}

function skip(reason: string): EditorRig {
  console.log(`SKIPPED editor tests: ${reason}`);
  return { skipped: reason };
}
