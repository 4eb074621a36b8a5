import { rm } from "node:fs/promises";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { ensureChromium } from "../../../scripts/editor/ensureChromium.ts";
import { ensureEditor } from "../../../scripts/editor/ensureEditor.ts";
import { mustRun } from "../../../scripts/editor/runCommand.ts";
import { packageExtension } from "../../../scripts/package.ts";

const root = path.join(import.meta.dirname, "..", "..", "..");

/** What the editor tests run with, or why they cannot run here. */
export type EditorRig =
  | {
      readonly node: string;
      readonly entry: string;
      readonly chromium: string;
      /** The packaged extension. */
      readonly vsix: string;
    }
  | { readonly skipped: string };

declare module "vitest" {
  export interface ProvidedContext {
    rig: EditorRig;
  }
}

/** Installs what is missing, then builds and packages the extension once for all editor tests. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("rig", await prepare());
}

async function prepare(): Promise<EditorRig> {
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
  return { ...editor, chromium: chromium.executable, vsix: await packageExtension({ lean: true }) };
}

function skip(reason: string): EditorRig {
  console.log(`SKIPPED editor tests: ${reason}`);
  return { skipped: reason };
}
