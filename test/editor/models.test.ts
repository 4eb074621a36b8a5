import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readChosenModel } from "../../server/state/chosenModel.ts";
import { startLoopbackHub, type LoopbackHub } from "../support/loopbackHub.ts";
import { usualRepository } from "../support/hub/repositories.ts";
import { fileOf } from "../support/hub/content.ts";
import { answerFileDialog } from "./support/fileDialog.ts";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const ready = /^\s*StarCoder\s*$/;
const bundledModel = path.join(
  import.meta.dirname,
  ...["..", "..", "media", "models", "starcoder-tiny.gguf"],
);
/** The palette is the same widget as the lists that these commands open: it cannot be waited for. */
const keys = {
  choose: "Control+Alt+o",
  downloads: "Control+Alt+d",
  manage: "Control+Alt+g",
  clear: "Control+Alt+n",
};
const keybindings = {
  "ctrl+alt+o": "starcoder.chooseModel",
  "ctrl+alt+d": "starcoder.showDownloads",
  "ctrl+alt+g": "starcoder.manageModels",
  "ctrl+alt+n": "notifications.clearAll",
};
const token = "hf_loopbacktoken";

describe.skipIf(skipReason() !== undefined)("choosing a model", { timeout: 120_000 }, () => {
  let hub: LoopbackHub;
  let session: Session;

  beforeAll(async () => {
    hub = await startLoopbackHub({ token });
    session = await startSession({
      env: { HF_ENDPOINT: hub.url },
      keybindings,
      // Nothing but the walkthrough opens by itself.
      userSettings: { "workbench.startupEditor": "welcomePageInEmptyWorkbench" },
    });
  });
  afterAll(async () => {
    await session.stop();
    await hub.stop();
  });
  afterEach(async ({ task }) => {
    hub.clearFaults();
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
    await session.workbench.press("Escape", "Escape");
  });

  const input = () =>
    session.workbench.page.locator(".quick-input-widget:visible .quick-input-box input");
  const rows = () => session.workbench.page.locator(".quick-input-list .monaco-list-row");
  const row = (text: string | RegExp) => rows().filter({ hasText: text }).first();

  /** Opens the list, and waits until it says all. */
  async function openList(): Promise<void> {
    await session.workbench.press(keys.choose);
    await session.workbench.page.getByPlaceholder("it is tried before it is used").waitFor();
  }

  async function choose(name: string): Promise<void> {
    await openList();
    await input().fill(name);
    await row(name).click();
    await session.workbench.page.locator(".monaco-dialog-box").waitFor();
  }

  async function toast(text: RegExp): Promise<string> {
    let found = "";
    await until(`a message like ${String(text)}`, async () => {
      found = (await session.workbench.toasts()).find((each) => text.test(each)) ?? "";
      return found !== "";
    });
    return found;
  }

  /** The trial loads the model in a process of its own, which takes its time on a busy machine. */
  async function switchedTo(name: string): Promise<string> {
    const messages = session.workbench.page.locator(".notification-list-item-message");
    const said = messages.filter({ hasText: `StarCoder now uses ${name}` }).first();
    await said.waitFor({ timeout: 90_000 });
    return (await said.textContent()) ?? "";
  }

  const closeToasts = () => session.workbench.press(keys.clear);
  const chosen = () => readChosenModel(session.home)?.path;

  it("begins with a walkthrough that shows the model for this machine, once", async () => {
    const { workbench } = session;
    const steps = workbench.page.locator(".gettingStartedContainer .step-title");
    await steps.filter({ hasText: "What StarCoder Local does" }).waitFor();
    const model = steps.filter({ hasText: /model for this machine|suits this machine/ });
    await model.waitFor();
    expect(await model.count()).toBe(1);
    expect(await steps.filter({ hasText: "Get a better model" }).count()).toBe(0);
    await model.click();
    await workbench.page
      .getByText("See All Models")
      .or(workbench.page.getByText("See what"))
      .first()
      .waitFor();
    await workbench.screenshot("walkthrough with the model for this machine");
    await steps.filter({ hasText: "Your code stays" }).click();
    await workbench.screenshot("walkthrough on privacy");
    await workbench.waitForStatus(ready, "star-full");
  });

  it("shows what suits the machine, what is on it and what can be had", async () => {
    const { workbench } = session;
    await openList();
    await rows().first().filter({ hasText: "Recommended here" }).waitFor();
    await workbench.screenshot("choosing a model");
    await workbench.press("Escape");
  });

  it("asks for agreement, downloads with progress, and switches without a reload", async () => {
    const { workbench } = session;
    hub.fault("starcoder2-3b", { kind: "slow", bytesPerSecond: 600_000 });
    await choose("StarCoder2 3B");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    expect(await dialog.textContent()).toContain("BigCode OpenRAIL-M");
    expect(await dialog.textContent()).toContain("Do not");
    await workbench.screenshot("licence before a download");
    await workbench.pressButton("Accept and Download");
    await toast(/Downloading StarCoder2 3B.* MB of 8\.4 MB/);
    await workbench.screenshot("downloading a model");
    expect(await switchedTo("StarCoder2 3B")).toMatch(/on the .* loaded in .* s/);
    await workbench.screenshot("switched to the model");
    expect(chosen()).toContain(path.join(session.home, "models"));
    await closeToasts();
    await workbench.waitForStatus(ready, "star-full");
    await workbench.openFile("switched.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
  });

  it("pauses a download that is cancelled, and shows, resumes and discards it", async () => {
    const { workbench } = session;
    hub.fault("starcoderbase-1b", { kind: "slow", bytesPerSecond: 150_000 });
    await choose("StarCoderBase 1B");
    await workbench.pressButton("Accept and Download");
    await toast(/Downloading StarCoderBase 1B.* MB of 8\.4 MB/);
    await workbench.press(keys.downloads);
    await row(/StarCoderBase 1B.*of 8\.4 MB/).waitFor();
    await workbench.screenshot("downloads");
    await workbench.press("Enter");
    await row(/StarCoderBase 1B.*paused at/).waitFor();
    await workbench.screenshot("a paused download");
    await row(/StarCoderBase 1B/).hover();
    await row(/StarCoderBase 1B/)
      .locator(".codicon-trash")
      .click();
    await until("no download that can go on", async () => (await row(/paused at/).count()) === 0);
    await workbench.press("Escape");
    await closeToasts();
  });

  it("names the page of a gated model, takes a token, and goes on with it", async () => {
    const { workbench } = session;
    const name = "bartowski/codegemma-2b-GGUF";
    hub.publish({ ...usualRepository(name, await fileOf(bundledModel)), gated: true });
    await choose("CodeGemma 2B");
    await workbench.pressButton("Accept and Download");
    await toast(/access token[^]*\(HUB_AUTH\)/);
    await workbench.pressButton("Enter Token");
    await input().waitFor();
    await input().fill("hf_of_somebody_else");
    await workbench.press("Enter");
    expect(await toast(/has to be requested[^]*\(HUB_GATED\)/)).toContain(name);
    await workbench.screenshot("a gated model");
    await workbench.pressButton("Enter Token");
    await input().waitFor();
    await workbench.screenshot("entering an access token");
    await input().fill(token);
    await workbench.press("Enter");
    await switchedTo("CodeGemma 2B");
    await closeToasts();
  });

  it("keeps the model in use when a file does not work, and says why", async () => {
    const { workbench } = session;
    const before = chosen();
    const broken = path.join(session.workspace, "broken.gguf");
    writeFileSync(broken, readFileSync(bundledModel).subarray(0, 4_000_000));
    await answerFileDialog(workbench, "StarCoder: Choose a Model File", broken);
    expect(await toast(/MODEL_SWITCH_FAILED/)).toContain("stays in use");
    await workbench.screenshot("a broken model file");
    await closeToasts();
    expect(chosen()).toBe(before);
    await workbench.openFile("kept.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
  });

  it("lists the models with what they take, and removes one", async () => {
    const { workbench } = session;
    await workbench.press(keys.manage);
    await row(/StarCoder2 3B/).waitFor();
    await workbench.screenshot("managing models");
    await row(/StarCoder2 3B/).click();
    await row(/Remove/).waitFor();
    await row(/Remove/).click();
    await workbench.page.locator(".monaco-dialog-box").waitFor();
    await workbench.screenshot("asks before it removes a model");
    await workbench.pressButton("Remove");
    await toast(/StarCoder removed StarCoder2 3B\. 8\.4 MB are free again/);
    await closeToasts();
  });

  it("goes back to the bundled model", async () => {
    const { workbench } = session;
    await workbench.command("StarCoder: Use the Bundled Model");
    await until("no choice", () => chosen() === undefined);
    const item = workbench.page.locator(".statusbar-item").filter({ hasText: ready }).first();
    await until("the starter in the menu", async () => {
      await item.click();
      const starter = row(/Choose model….*bundled starter/);
      const shown = await starter.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
      if (!shown) await workbench.press("Escape");
      return shown;
    });
    await workbench.screenshot("menu with the model");
    await workbench.press("Escape");
  });
});
