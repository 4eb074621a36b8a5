import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { readCursorMark } from "./cursorMark.ts";
import { until } from "./until.ts";

/** A VS Code window in the browser, as a person sees and types in it. */
export interface Workbench {
  readonly page: Page;
  /** Writes the file into the workspace and opens it with the cursor at `|`. */
  readonly openFile: (name: string, textWithCursor: string) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly press: (...keys: string[]) => Promise<void>;
  /** The ghost text that is shown now; empty when there is none. */
  readonly ghostText: () => Promise<string>;
  /**
   * Types the text and waits for ghost text. A request that meets a model still starting is answered
   * empty, and the next key brings the suggestion: the last key is typed again, as a person would.
   */
  readonly typeUntilGhostText: (text: string) => Promise<string>;
  /** Waits for ghost text that satisfies the condition, and returns it. */
  readonly waitForGhostText: (condition: (text: string) => boolean) => Promise<string>;
  readonly waitForNoGhostText: () => Promise<void>;
  /** Watches for as long as ghost text would surely have taken to appear; fails when it does. */
  readonly expectNoGhostText: () => Promise<void>;
  /** Saves the active file and returns what is on disk. */
  readonly savedText: () => Promise<string>;
  /** Runs the command with this title by the command palette. */
  readonly command: (title: string) => Promise<void>;
  /** Waits for a status bar item with this text, and this codicon if one is named. */
  readonly waitForStatus: (text: RegExp, codicon?: string) => Promise<void>;
  readonly toasts: () => Promise<readonly string[]>;
  /** Presses the button of a message or of a dialog, which goes away by that. */
  readonly pressButton: (label: string) => Promise<void>;
  readonly screenshot: (name: string) => Promise<void>;
}

const screenshots = path.join(import.meta.dirname, "..", "screenshots", "latest");

/** Whether a wait came to its end, or ran out of time. */
const settled = [() => true, () => false] as const;
const ignore = (): undefined => undefined;

/** Opens the workspace in the page and waits until the workbench can be used. */
export async function openWorkbench(page: Page, url: string, folder: string): Promise<Workbench> {
  await page.goto(`${url}?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench").waitFor();
  await page.locator(".statusbar-item").first().waitFor();
  let active = "";
  let editorSeen = false;

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  const quickInput = async (value: string, row: string): Promise<void> => {
    const input = page.locator(".quick-input-widget:visible .quick-input-box input");
    const first = page.locator(".quick-input-list .monaco-list-row").first();
    await input.waitFor();
    // The palette may overwrite what is filled in while it still loads its rows.
    await until(`the row “${row}” of the quick input`, async () => {
      await input.fill(value);
      return first
        .filter({ hasText: row })
        .waitFor({ timeout: 1000 })
        .then(...settled);
    });
    await press("Enter");
    await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  };

  const openFile = async (name: string, textWithCursor: string): Promise<void> => {
    const { text, line, column } = readCursorMark(textWithCursor);
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
    await press("Control+p");
    await quickInput(`${path.join(folder, name)}:${String(line)}:${String(column)}`, name);
    await page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    const focused = page.locator(".editor-instance .monaco-editor.focused");
    await until(`${name} to have the focus`, async () => {
      const seen = focused.waitFor({ timeout: 3000 }).then(...settled);
      if (await seen) return true;
      // A webview that was still being drawn may have taken it: back to the editor group.
      await press("Control+1");
      return false;
    });
    await page
      .getByText(`Ln ${String(line)}, Col `)
      .first()
      .waitFor();
    active = path.join(folder, name);
    if (!editorSeen) await page.evaluate(whenIdle);
    editorSeen = true;
  };

  const ghostText = async (): Promise<string> =>
    (await page.evaluate<string>(shownGhostText)).replaceAll("\u00a0", " ");

  const type = (text: string): Promise<void> => page.keyboard.type(text, { delay: 20 });

  const typeUntilGhostText = async (text: string): Promise<string> => {
    await type(text);
    let shown = "";
    let retypeAt = Date.now() + 3000;
    await until("ghost text", async () => {
      shown = await ghostText();
      if (shown.trim() !== "") return true;
      if (Date.now() < retypeAt) return false;
      await press("Backspace");
      await type(text.slice(-1));
      retypeAt = Date.now() + 3000;
      return false;
    });
    return shown;
  };

  return {
    page,
    openFile,
    press,
    ghostText,
    type,
    typeUntilGhostText,
    waitForGhostText: async (condition) => {
      let last = "";
      await until(
        () => `ghost text; there is ${JSON.stringify(last)}`,
        async () => condition((last = await ghostText())),
      );
      return last;
    },
    waitForNoGhostText: () => until("no ghost text", async () => (await ghostText()) === ""),
    expectNoGhostText: async () => {
      const end = Date.now() + 3000;
      while (Date.now() < end) expect(await ghostText()).toBe("");
    },
    savedText: async () => {
      await press("Control+s");
      await page.locator(".tabs-container .tab.active:not(.dirty)").waitFor();
      return readFile(active, "utf8");
    },
    command: async (title) => {
      await press("F1");
      await quickInput(`>${title}`, title);
    },
    waitForStatus: async (text, codicon) => {
      const item = page.locator(".statusbar-item").filter({ hasText: text });
      const shown = codicon === undefined ? item : item.locator(`.codicon-${codicon}`);
      await shown.first().waitFor();
    },
    toasts: () =>
      page.locator(".notification-toast .notification-list-item-message").allTextContents(),
    pressButton: async (label) => {
      const button = page.getByRole("dialog").getByRole("button", { name: label, exact: true });
      await button.first().waitFor();
      // A message that slides in may move away from under the press.
      await until(`an effect of ${label}`, async () => {
        await button.first().click({ timeout: 2000 }).catch(ignore);
        const gone = button.first().waitFor({ state: "hidden", timeout: 2000 });
        return gone.then(...settled);
      });
    },
    screenshot: async (name) => {
      await page.screenshot({
        path: path.join(screenshots, `${name.replaceAll(/\W+/g, "-")}.png`),
        animations: "disabled",
      });
    },
  };
}

/** VS Code creates its inline-completion controller when idle: keys typed before get no ghost text. */
const whenIdle = "new Promise((resolve) => requestIdleCallback(() => resolve()))";

/**
 * What follows the cursor in its line, then the lines of the zone below it. The two are drawn in
 * different frames: the text counts once it has been the same for three.
 */
const shownGhostText = `(async () => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
  const read = () =>
    [texts(".ghost-text-decoration").join(""), ...texts(".suggest-preview-text .view-line")].join("\\n");
  let text = read();
  for (let same = 0; same < 3; ) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = read();
    same = now === text ? same + 1 : 0;
    text = now;
  }
  return text;
})()`;
