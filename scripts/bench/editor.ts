/**
 * Key → ghost text in VS Code (code-server and headless Chromium): `npm run bench:editor [-- --keys N]`.
 * The product on the bundled model beside a provider that answers at once, in one run. Before each key
 * the last suggestion is dismissed, so that the editor has to ask again.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { ensureChromium } from "../editor/ensureChromium.ts";
import { ensureEditor, type InstalledEditor } from "../editor/ensureEditor.ts";
import { startEditor, type EditorOptions } from "../editor/startEditor.ts";
import { packageExtension } from "../package.ts";
import { stopHosts } from "../stopHosts.ts";
import { machineLine } from "./machine.ts";
import { describeMilliseconds, percentile } from "./percentile.ts";

const { values } = parseArgs({ options: { keys: { type: "string", default: "80" } } });
const keys = Number(values.keys);
const above = `function add(first, second) {\n  return first + second;\n}\n\n`;
const typed = [
  "function subtract(first, second) {\n  return first - second;\n",
  "const total = add(first, second);\nconst rest = subtract(total, first);\n",
].join("");
const limitMs = 2000;

/** Watches the page: when the key went down, and when ghost text was first drawn after it. */
const watch = `
  window.keyAt = 0;
  window.shownAt = 0;
  addEventListener("keydown", () => { keyAt = performance.now(); shownAt = 0; }, true);
  const look = () => {
    const text = [...document.querySelectorAll(".ghost-text-decoration")]
      .map((element) => element.textContent).join("");
    if (text !== "" && shownAt === 0 && keyAt !== 0) shownAt = performance.now();
    requestAnimationFrame(look);
  };
  look();
`;

async function measure(
  editor: InstalledEditor,
  executablePath: string,
  extension: NonNullable<EditorOptions["extension"]>,
): Promise<{ times: number[]; none: number }> {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  await writeFile(join(folder, "typing.js"), above);
  const home = join(folder, ".home");
  const running = await startEditor({
    editor,
    extension,
    workspace: folder,
    env: { STARCODER_HOME: home },
    userSettings: {
      "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
      "editor.suggestOnTriggerCharacters": false,
      "editor.parameterHints.enabled": false,
      "editor.autoClosingBrackets": "never",
      "javascript.validate.enable": false,
      "starcoder.completion.showThreshold": 0,
    },
  });
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const file = `vscode-remote://127.0.0.1:${running.port}${join(folder, "typing.js")}`;
    const payload = encodeURIComponent(JSON.stringify([["openFile", file]]));
    await page.goto(`${running.url}?folder=${encodeURIComponent(folder)}&payload=${payload}`);
    await page.locator(".monaco-editor .view-lines").first().click();
    await page.evaluate("new Promise((resolve) => requestIdleCallback(() => resolve()))");
    await page.keyboard.press("Control+End");
    await page.evaluate(watch);
    await firstGhostText(page);
    return await typeKeys(page);
  } finally {
    await browser.close();
    await running.stop();
    await stopHosts(home);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The extension and its model are there once ghost text comes at all. */
async function firstGhostText(page: Page): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await page.keyboard.type("a");
    if ((await shownMs(page)) !== undefined) return;
    await page.keyboard.press("Backspace");
  }
  throw new Error("no ghost text within 60 s");
}

async function typeKeys(page: Page): Promise<{ times: number[]; none: number }> {
  const times: number[] = [];
  let none = 0;
  for (let index = 0; index < keys; index += 1) {
    await page.keyboard.press("Escape");
    await page.waitForFunction(`document.querySelector(".ghost-text-decoration") === null`);
    await page.keyboard.type(typed[index % typed.length] ?? " ");
    const ms = await shownMs(page);
    if (ms === undefined) none += 1;
    else times.push(ms);
  }
  return { times, none };
}

async function shownMs(page: Page): Promise<number | undefined> {
  const shown = await page
    .waitForFunction("shownAt !== 0 ? shownAt - keyAt : false", undefined, { timeout: limitMs })
    .catch(() => undefined);
  return shown === undefined ? undefined : Number(await shown.jsonValue());
}

const editor = await ensureEditor(console.log);
const browser = await ensureChromium(console.log);
if ("skipped" in editor) console.log(`SKIPPED bench:editor: ${editor.skipped}`);
else if ("skipped" in browser) console.log(`SKIPPED bench:editor: ${browser.skipped}`);
else {
  console.log(machineLine());
  const provider = join(import.meta.dirname, "instantProvider");
  const floor = await measure(editor, browser.executable, { folder: provider });
  const vsix = await packageExtension();
  const product = await measure(editor, browser.executable, { vsix });
  for (const [name, { times, none }] of Object.entries({ instant: floor, product })) {
    console.log(
      `  ${name}: ${describeMilliseconds(times)} (${times.length} keys, ${none} without ghost text)`,
    );
  }
  const above = percentile(product.times, 0.5) - percentile(floor.times, 0.5);
  console.log(`  product p50 above the instant provider: ${above.toFixed(0)} ms (bar: 60)`);
}
