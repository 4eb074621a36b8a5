import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type RunningEditor, startEditor } from "../../scripts/editor/startEditor.ts";
import { stopHosts } from "../../scripts/stopHosts.ts";
import type { HostReport } from "./host/run.ts";
import { bundleHostSuite } from "./support/bundleHostSuite.ts";
import { browserFlags, skipReason } from "./support/session.ts";

const root = path.join(import.meta.dirname, "..", "..");

describe.skipIf(skipReason() !== undefined)("the suite inside the extension host", () => {
  let folder: string;
  let editor: RunningEditor;

  beforeAll(async () => {
    const rig = inject("rig");
    if ("skipped" in rig) throw new Error(rig.skipped);
    folder = await mkdtemp(path.join(tmpdir(), "starcoder-host-"));
    await mkdir(path.join(folder, "workspace"));
    editor = await startEditor({
      editor: rig,
      extension: undefined,
      workspace: path.join(folder, "workspace"),
      env: { STARCODER_HOME: path.join(folder, "home") },
      testDriver: true,
    });
  });
  afterAll(async () => {
    await editor.stop();
    await stopHosts(path.join(folder, "home"));
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  it("passes", async () => {
    const entry = await bundleHostSuite();
    const file = path.join(folder, "report.json");
    const output = await runInHost(entry, { STARCODER_TEST_REPORT: file });
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) throw new Error(`the suite did not report:\n${output}`);
    const report = JSON.parse(text) as HostReport;
    expect(report.failed, output).toEqual([]);
    expect(report.passed.length).toBeGreaterThan(0);
  });

  /** Opens the workbench with the suite and waits until VS Code says that it has ended. */
  async function runInHost(entry: string, env: Record<string, string>): Promise<string> {
    const rig = inject("rig");
    if ("skipped" in rig) throw new Error(rig.skipped);
    const browser = await chromium.launch({ executablePath: rig.chromium, args: browserFlags });
    try {
      const page = await browser.newPage();
      const lines: string[] = [];
      const ended = new Promise<void>((resolve) => {
        void page.exposeFunction("codeAutomationExit", () => resolve());
      });
      await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
        lines.push(`${type}: ${args.map(String).join(" ")}`);
      });
      const remote = (name: string): string =>
        `vscode-remote://127.0.0.1:${String(editor.port)}${name}`;
      const url = new URL(editor.url);
      url.searchParams.set("folder", path.join(folder, "workspace"));
      url.searchParams.set(
        "payload",
        JSON.stringify([
          ["extensionDevelopmentPath", remote(root)],
          ["extensionTestsPath", remote(entry)],
          ["extensionEnvironment", JSON.stringify(env)],
          ["skipWelcome", "true"],
        ]),
      );
      await page.goto(url.href);
      await ended;
      return lines.join("\n");
    } finally {
      await browser.close();
    }
  }
});
