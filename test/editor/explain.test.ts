import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const ready = /^\s*StarCoder\s*$/;
const why = "StarCoder: Why No Suggestion Here?";

describe.skipIf(skipReason() !== undefined)("explaining a request in the editor", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      userSettings: { "starcoder.languages": { "*": true, python: false } },
    });
    await session.workbench.waitForStatus(ready, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  /** The page that is shown, as text, once it says this. */
  async function page(says: RegExp): Promise<string> {
    const frames = session.workbench.page.locator("iframe.webview.ready");
    let text = "";
    await until(
      () => `a page that says ${String(says)}; there is ${JSON.stringify(text.slice(0, 200))}`,
      async () => {
        for (let index = 0; index < (await frames.count()); index++) {
          const frame = frames.nth(index).contentFrame().locator("iframe#active-frame");
          const body = frame.contentFrame().locator("body");
          text = await body.innerText({ timeout: 2000 }).catch(() => "");
          if (says.test(text)) return true;
        }
        return false;
      },
    );
    return text;
  }

  async function closeAll(): Promise<void> {
    const { workbench } = session;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("View: Close All Editors");
  }

  it("shows the steps of a request with a suggestion, its prompt and the command line", async () => {
    const { workbench } = session;
    await workbench.openFile("explained.js", fixture);
    await workbench.typeUntilGhostText(typed);
    await workbench.press("Escape", "Control+s");
    await workbench.command(why);
    const text = await page(/Step by step/);
    expect(text).toMatch(/The suggestion here is/);
    expect(text).toMatch(/Worth showing/);
    expect(text).toMatch(/<fim_middle>/);
    expect(text).toMatch(/starcoder explain .*explained\.js:\d+:\d+/);
    expect(text).toMatch(/Earlier requests near here/);
    await until("the message with its buttons", async () =>
      (await workbench.toasts()).some((toast) => toast.includes("The suggestion here is")),
    );
    await workbench.screenshot("explain");
    await closeAll();
  });

  it("names the language that is off, with a button for the settings", async () => {
    const { workbench } = session;
    await workbench.openFile("off.py", fixture);
    await workbench.command(why);
    const text = await page(/In the editor/);
    expect(text).toMatch(/No suggestion: Suggestions are off for python/);
    await until("the button for the settings", async () =>
      workbench.page
        .locator(".notification-toast")
        .getByText("Open Settings", { exact: true })
        .isVisible(),
    );
    await workbench.screenshot("explain a language that is off");
    await closeAll();
  });

  it("turns debug mode on and off, and shows that it is on", async () => {
    const { workbench } = session;
    const { page: window } = workbench;
    // Its own choice follows the palette at once: there is no moment without a quick input.
    const start = "StarCoder: Start Debug Mode";
    const rows = window.locator(".quick-input-list .monaco-list-row");
    await workbench.press("F1");
    await until("the command", async () => {
      await window.locator(".quick-input-widget:visible .quick-input-box input").fill(`>${start}`);
      return rows.first().filter({ hasText: start }).isVisible();
    });
    await workbench.press("Enter");
    await rows.filter({ hasText: "open inspector ports" }).click();
    await workbench.waitForStatus(/StarCoder: debug/);
    let told = "";
    await until("the addresses of the inspectors", async () => {
      told = (await workbench.toasts()).join(" ");
      return /server ws:.*host ws:/.test(told);
    });
    const urls = [...told.matchAll(/ws:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url);
    expect(urls).toHaveLength(2);
    const isServed = (url: string) =>
      fetch(`${url.replace("ws:", "http:")}/json/version`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (const url of urls) expect(await isServed(url)).toBe(true);
    await workbench.screenshot("debug mode");
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("StarCoder: End Debug Mode");
    await until(
      "the end of debug mode",
      async () =>
        (await window.locator(".statusbar-item").filter({ hasText: "debug" }).count()) === 0,
    );
    for (const url of urls) await until(`no ${url}`, async () => !(await isServed(url)));
  });

  it("says that the editor's own setting keeps suggestions back, with a button that turns it on", async () => {
    const { workbench, workspace } = session;
    await workbench.openFile("kept.js", fixture);
    const settings = path.join(workspace, ".vscode", "settings.json");
    await writeFile(settings, JSON.stringify({ "editor.inlineSuggest.enabled": false }));
    await until("an explanation that names the setting", async () => {
      await workbench.command(why);
      return (await page(/Why no suggestion here/)).includes("editor.inlineSuggest.enabled is off");
    });
    await workbench.page
      .locator(".notification-toast")
      .getByText("Turn On", { exact: true })
      .first()
      .waitFor();
    await workbench.screenshot("explain the editor's setting");
  });
});
