import { existsSync } from "node:fs";
import type { Skipped } from "./ensureEditor.ts";
import { findOnPath } from "./findOnPath.ts";
import { mustRun, type ProgressLog } from "./runCommand.ts";

/** The browser that drives the editor tests. */
export interface InstalledChromium {
  readonly executable: string;
}

/** Finds Chromium, or installs Debian's package where that is possible (root, apt-get). */
export async function ensureChromium(log: ProgressLog): Promise<InstalledChromium | Skipped> {
  const found = findChromium();
  if (found !== undefined) return { executable: found };
  const hint = "no Chromium on the PATH; on Debian or Ubuntu: sudo apt-get install chromium";
  const apt = findOnPath("apt-get");
  if (apt === undefined || !existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    return { skipped: hint };
  }
  log("Installing Chromium for the editor tests (Debian's package)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const progress = { log, title: "chromium" };
  try {
    await mustRun(apt, ["update", "-q"], { env, progress });
    await mustRun(apt, ["install", "-y", "-q", "--no-install-recommends", "chromium"], {
      env,
      progress,
    });
  } catch (error) {
    return { skipped: `${hint} (${error instanceof Error ? error.message : String(error)})` };
  }
  const executable = findChromium();
  return executable === undefined ? { skipped: hint } : { executable };
}

function findChromium(): string | undefined {
  return findOnPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
}
