import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { zipSync, type Zippable } from "fflate";
import { chromium, errors, type FrameLocator, type Page } from "playwright-core";
import { ensureChromium } from "../../editor/ensureChromium.ts";
import { ensureEditor } from "../../editor/ensureEditor.ts";
import { startEditor } from "../../editor/startEditor.ts";
import { packageExtension } from "../../package.ts";
import { stopHosts } from "../../stopHosts.ts";
import { describeMilliseconds, percentile } from "../percentile.ts";

const rounds = 10;
const mostAboveMs = 500;
const settleSeconds = 8;
const idleSeconds = 30;
const mostIdlePercent = 1;

/** Command → first drawn content of the health view, above an empty webview, and its cost when idle. */
export async function benchHealthPanel(): Promise<void> {
  const editor = await ensureEditor(console.log);
  const browser = await ensureChromium(console.log);
  for (const part of [editor, browser]) {
    if ("skipped" in part) console.log(`  SKIPPED the health view: ${part.skipped}`);
  }
  if ("skipped" in editor || "skipped" in browser) return;
  const folder = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const home = join(folder, ".home");
  const running = await startEditor({
    editor,
    extension: { vsix: await packageExtension(), others: [packEmptyView(folder)] },
    workspace: folder,
    env: { STARCODER_HOME: home },
  });
  const window = await chromium.launch({
    executablePath: browser.executable,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await window.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${running.url}?folder=${encodeURIComponent(folder)}`);
    const ready = page.locator(".statusbar-item").filter({ hasText: /^\s*StarCoder\s*$/ });
    await ready.locator(".codicon-star-full").waitFor({ timeout: 60_000 });
    await compare(page);
    await measureIdle(page);
  } finally {
    await window.close();
    await running.stop();
    await stopHosts(home);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** A VSIX file is a zip with the extension under `extension/`. */
function packEmptyView(folder: string): string {
  const from = join(import.meta.dirname, "emptyView");
  const files = ["package.json", "extension.cjs"].map((name) => [
    `extension/${name}`,
    readFileSync(join(from, name)),
  ]);
  const file = join(folder, "empty-view.vsix");
  writeFileSync(file, zipSync(Object.fromEntries(files) as Zippable));
  return file;
}

async function compare(page: Page): Promise<void> {
  const floor: number[] = [];
  const health: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [bare, full] = [
      await open(page, "Bench: Open Empty View"),
      await open(page, "StarCoder: Check Health"),
    ];
    // The first of each loads what later ones find loaded; it is told, not counted.
    if (round === 0) {
      console.log(`  first time: empty ${bare.toFixed(0)} ms, health ${full.toFixed(0)} ms`);
      continue;
    }
    floor.push(bare);
    health.push(full);
  }
  console.log(`  empty webview: ${describeMilliseconds(floor)}`);
  console.log(`  health view: ${describeMilliseconds(health)} (${rounds} rounds)`);
  const above = percentile(health, 0.5) - percentile(floor, 0.5);
  judge(`health view above an empty webview: ${above.toFixed(0)} ms`, above, mostAboveMs, "ms");
}

/** Opens a view by the palette, and closes it again; milliseconds until its content was seen. */
async function open(page: Page, title: string): Promise<number> {
  await choose(page, title);
  const pressed = performance.now();
  await page.keyboard.press("Enter");
  await viewOf(page).locator(".verdict").waitFor();
  const ms = performance.now() - pressed;
  await choose(page, "View: Close All Editors");
  await page.keyboard.press("Enter");
  await page.locator("iframe.webview").first().waitFor({ state: "detached" });
  return ms;
}

function viewOf(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
}

/** Leaves the palette open with the command at its top. */
async function choose(page: Page, title: string): Promise<void> {
  const row = page.locator(".quick-input-list .monaco-list-row").first();
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // A view that takes the focus while it loads closes the palette.
    if (!(await input.isVisible())) await page.keyboard.press("F1");
    try {
      await input.fill(`>${title}`, { timeout: 1000 });
      await row.filter({ hasText: title }).waitFor({ timeout: 1000 });
      return;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
    }
  }
  throw new Error(`the palette does not offer ${title}`);
}

/**
 * What extension host and server take while the view stands open and nobody does anything, above
 * what they take without it: the extension host has other tenants.
 */
async function measureIdle(page: Page): Promise<void> {
  if (process.platform !== "linux") {
    console.log("  SKIPPED idle: times are read from /proc, which this system lacks");
    return;
  }
  await openHealth(page);
  const row = viewOf(page).locator(".services tbody tr", { hasText: "Language server" });
  const cell = row.locator("td").nth(3);
  await cell.filter({ hasText: /\d/ }).waitFor();
  const server = Number(await cell.textContent());
  const pids = [server, parentOf(server)];
  await choose(page, "View: Close All Editors");
  await page.keyboard.press("Enter");
  const closed = await sharesOf(pids);
  await openHealth(page);
  const open = await sharesOf(pids);
  const [own, host] = pids.map((_, index) => (open[index] ?? 0) - (closed[index] ?? 0));
  const total = (own ?? 0) + (host ?? 0);
  const each = `server ${own?.toFixed(2) ?? ""}%, extension host ${host?.toFixed(2) ?? ""}%`;
  console.log(`  without the view: ${closed.map((share) => `${share.toFixed(2)}%`).join(", ")}`);
  judge(`idle with the view open, above that: ${each}`, total, mostIdlePercent, "%");
}

async function openHealth(page: Page): Promise<void> {
  await choose(page, "StarCoder: Check Health");
  await page.keyboard.press("Enter");
}

/** Per cent of one core that each process takes, once it has come to rest. */
async function sharesOf(pids: readonly number[]): Promise<readonly number[]> {
  await delay(settleSeconds * 1000);
  const before = pids.map(cpuSeconds);
  await delay(idleSeconds * 1000);
  return pids.map((pid, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) / idleSeconds) * 100);
}

function judge(line: string, value: number, most: number, unit: string): void {
  const holds = value <= most;
  if (!holds) process.exitCode = 1;
  console.log(`  ${line} (at most ${most} ${unit}: ${holds ? "holds" : "BROKEN"})`);
}

/** User and system time of a process; the kernel counts 100 ticks a second. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function parentOf(pid: number): number {
  const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(parent);
}
