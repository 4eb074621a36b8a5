/**
 * Runs the suite of `host/` in desktop VS Code, which is downloaded: `npm run test:desktop`. Where it
 * cannot be downloaded or shown, it says so and ends without failing.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { offlineSettings } from "../../scripts/editor/userSettings.ts";
import { stopHosts } from "../../scripts/stopHosts.ts";
import { bundleHostSuite } from "./support/bundleHostSuite.ts";

const root = path.join(import.meta.dirname, "..", "..");

async function main(): Promise<number> {
  const executable = await downloadVSCode();
  if (typeof executable !== "string") {
    console.log(`SKIPPED desktop VS Code: ${executable.skipped}`);
    return 0;
  }
  const folder = await mkdtemp(path.join(tmpdir(), "starcoder-desktop-"));
  const home = path.join(folder, "home");
  try {
    await mkdir(path.join(folder, "user", "User"), { recursive: true });
    await writeFile(
      path.join(folder, "user", "User", "settings.json"),
      JSON.stringify(offlineSettings),
    );
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: await bundleHostSuite(),
      extensionTestsEnv: { STARCODER_HOME: home },
      launchArgs: [
        folder,
        `--user-data-dir=${path.join(folder, "user")}`,
        "--disable-extensions",
        "--skip-welcome",
      ],
    });
  } finally {
    await stopHosts(home);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function downloadVSCode(): Promise<string | { readonly skipped: string }> {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) {
    return { skipped: "there is no display (on a server: xvfb-run -a npm run test:desktop)" };
  }
  try {
    return await downloadAndUnzipVSCode({ timeout: 15_000 });
  } catch (error) {
    return { skipped: error instanceof Error ? error.message : String(error) };
  }
}

process.exitCode = await main();
