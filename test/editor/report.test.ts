import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const secret = "hf_plantedPlantedPlanted12345";

describe.skipIf(skipReason() !== undefined)("what the palette offers beside the views", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      userSettings: { "editor.inlineSuggest.enabled": false },
    });
    await session.workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  it("turns the editor's inline suggestions on", async () => {
    const { workbench } = session;
    await workbench.openFile("off.js", fixture);
    await workbench.type(typed);
    await workbench.expectNoGhostText();
    await workbench.command("StarCoder: Turn On the Editor's Inline Suggestions");
    await workbench.openFile("on.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
  });

  it("knows starcoder in its terminals", async () => {
    const { workbench, workspace } = session;
    await workbench.command("Terminal: Create New Terminal");
    const terminal = workbench.page.locator(".terminal-wrapper.active .xterm-screen");
    await terminal.first().waitFor();
    const listed = path.join(workspace, "listed.txt");
    let text = "";
    await until("what the command printed", async () => {
      await terminal.first().click();
      await workbench.type("starcoder models list > listed.txt\n");
      text = await readFile(listed, "utf8").catch(() => "");
      return text.includes("bundled");
    });
    await workbench.command("Terminal: Kill All Terminals");
  });

  it("shows the log output", async () => {
    const { workbench } = session;
    await workbench.command("StarCoder: Show Log Output");
    const output = workbench.page.locator(".panel .output-view");
    await until(
      "the output's first line",
      async () =>
        (await output.first().textContent())?.replaceAll("\u00a0", " ").includes("Activated in") ===
        true,
    );
    await workbench.command("View: Toggle Panel Visibility");
  });

  it("shows a report without secrets before anything leaves, with what can be done with it", async () => {
    const { workbench, workspace } = session;
    const endpoints = [{ url: `https://user:${secret}@localhost:1/v1` }];
    const settings = JSON.stringify({ "starcoder.remote.endpoints": endpoints });
    await writeFile(path.join(workspace, ".vscode", "settings.json"), settings);
    // Nothing serves there, which the status item says as soon as the setting is in force.
    await workbench.page.locator(".statusbar-item .codicon-star-full").waitFor({ state: "hidden" });
    await workbench.command("StarCoder: Report Issue");
    const toast = workbench.page.locator(".notification-toast").filter({ hasText: /report/i });
    await toast.getByRole("button", { name: "Copy" }).waitFor({ timeout: 45_000 });
    let shown = "";
    await until("the report", async () => {
      shown = await workbench.page.locator(".editor-instance .view-lines").first().innerText();
      return shown.replaceAll("\u00a0", " ").includes("StarCoder Local");
    });
    expect(shown).not.toContain(secret);
    await workbench.screenshot("report");
    await toast.getByRole("button", { name: /Issue Reporter/ }).waitFor();
    await toast.getByRole("button", { name: /Zip/ }).waitFor();
    await workbench.pressButton("Copy");
    await workbench.page
      .locator(".notification-toast")
      .getByText("The report is on the clipboard.")
      .waitFor();
  });
});
