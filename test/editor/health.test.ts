import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const verdict = ".verdict";

describe.skipIf(skipReason() !== undefined)("the health view", () => {
  let session: Session;
  let view: FrameLocator;

  beforeAll(async () => {
    session = await startSession({
      userSettings: { "workbench.colorTheme": "Visual Studio Light" },
    });
    const { workbench } = session;
    await workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
    await workbench.openFile("typed.js", fixture);
    await workbench.typeUntilGhostText(typed);
    view = workbench.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  async function picture(name: string): Promise<void> {
    const { page } = session.workbench;
    await page.setViewportSize({ width: 1280, height: 1500 });
    const body = view.locator("body");
    await until("the view to be as high", async () => {
      return Number(await body.evaluate("innerHeight")) > 1200;
    });
    await body.evaluate(
      "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))",
    );
    await session.workbench.screenshot(name);
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  function setTheme(settings: Record<string, string>): Promise<void> {
    const file = path.join(session.workspace, ".vscode", "settings.json");
    return writeFile(file, JSON.stringify(settings));
  }

  async function serverPid(): Promise<number> {
    const cells = view.locator(".services tbody tr", { hasText: "Language server" }).locator("td");
    return Number(await cells.nth(3).textContent());
  }

  it("shows services, model, speed and what was asked, live", async () => {
    await session.workbench.command("StarCoder: Check Health");
    await view.locator(verdict, { hasText: "Everything works." }).waitFor();
    await view.locator(".as-of", { hasText: "Live" }).waitFor();
    await view
      .locator(".services tbody tr", { hasText: "Model host" })
      .getByText("Running")
      .waitFor();
    const facts = view.locator(".facts").first();
    await facts.getByText("starcoder-tiny.gguf").waitFor();
    await facts.getByText("CPU").first().waitFor();
    await view.getByText("half within").waitFor();
    await view.getByText("They never leave it").waitFor();
    const before = await view.locator(".as-of").textContent();
    await until(
      "a newer time",
      async () => (await view.locator(".as-of").textContent()) !== before,
    );
    await picture("health");
  });

  it("follows the theme of the editor", async () => {
    const background = (): Promise<string> =>
      view
        .locator("body")
        .evaluate<string, Element>("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await setTheme({ "workbench.colorTheme": "Visual Studio Dark" });
    await until("another background", async () => (await background()) !== light);
    await picture("health dark");
    await setTheme({});
    await until("the first background", async () => (await background()) === light);
  });

  it("runs the diagnosis by its command, and shows what each check has seen", async () => {
    await session.workbench.command("StarCoder: Diagnose");
    await until("the checks", async () => (await view.locator(".check").count()) > 5);
    await view.locator('.check[data-check="node"][data-status="ok"]').waitFor();
    await picture("health diagnosis");
  });

  it("names a server that keeps dying, and its button brings it back", async () => {
    const killed = new Set<number>();
    await until("the end of the restarts", async () => {
      if ((await view.locator(verdict).getByText("SERVER_CRASH_LOOP").count()) > 0) return true;
      const pid = await serverPid();
      if (pid > 0 && !killed.has(pid)) {
        killed.add(pid);
        process.kill(pid, "SIGKILL");
      }
      return false;
    });
    await picture("health server down");
    await view.locator(verdict).getByRole("button", { name: "Restart Server" }).click();
    await view.locator(verdict, { hasText: /works[.,]/ }).waitFor();
    expect(killed).not.toContain(await serverPid());
  });
});
