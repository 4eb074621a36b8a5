import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listServers } from "../../server/state/serverFiles.ts";
import { answerFileDialog } from "./support/fileDialog.ts";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const ready = /^\s*StarCoder\s*$/;
const cli = path.join(import.meta.dirname, "..", "..", "dist", "cli.mjs");

describe.skipIf(skipReason() !== undefined)("repairing from the palette", () => {
  let session: Session;
  let home: string;

  beforeAll(async () => {
    // A rebuild finds no registry at the discard port of this machine.
    process.env["npm_config_registry"] = "http://127.0.0.1:9/";
    session = await startSession({
      ownInstallation: true,
      userSettings: { "starcoder.completion.temperature": 0.1 },
      prepare: (folder) => {
        home = folder;
        return Promise.resolve(() => Promise.resolve());
      },
    });
    await session.workbench.waitForStatus(ready, "star-full");
  });
  afterAll(async () => {
    delete process.env["npm_config_registry"];
    await session.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  const server = (): number => listServers(home)[0]?.pid ?? 0;

  /** The text of the active editor as it is drawn. */
  async function drawnText(): Promise<string> {
    const lines = session.workbench.page.locator(".editor-instance .view-lines .view-line");
    return (await lines.allTextContents()).join("\n").replaceAll("\u00a0", " ");
  }

  async function dirty(): Promise<boolean> {
    return (await session.workbench.page.locator(".tab.active.dirty").count()) === 1;
  }

  async function toast(text: RegExp): Promise<string> {
    let found = "";
    await until(`a message like ${String(text)}`, async () => {
      found = (await session.workbench.toasts()).find((each) => text.test(each)) ?? "";
      return found !== "";
    });
    return found;
  }

  async function closeToasts(): Promise<void> {
    await session.workbench.command("Notifications: Clear All Notifications");
  }

  it("restarts everything while a file has unsaved text, which stays and is completed", async () => {
    const { workbench } = session;
    await workbench.openFile("unsaved.js", fixture);
    await workbench.type("  // not saved yet");
    await workbench.press("Enter");
    const [hosts, before] = [await session.hosts(), server()];
    await workbench.command("StarCoder: Restart Everything");
    await workbench.screenshot("restarting everything");
    await until("a new server and a new host", async () => {
      const now = await session.hosts();
      return server() !== 0 && server() !== before && now.length === 1 && now[0] !== hosts[0];
    });
    await workbench.waitForStatus(ready, "star-full");
    expect(await drawnText()).toContain("// not saved yet");
    expect(await dirty()).toBe(true);
    expect(await workbench.typeUntilGhostText(typed.trim())).toMatch(/\S/);
    await workbench.screenshot("restarted everything with unsaved text");
    const onDisk = readFileSync(path.join(session.workspace, "unsaved.js"), "utf8");
    expect(onDisk).not.toContain("not saved yet");
  });

  it("restarts the language server alone, and the host stays", async () => {
    const { workbench } = session;
    const [hosts, before] = [await session.hosts(), server()];
    await workbench.command("StarCoder: Restart Language Server");
    await until("a new server", () => Promise.resolve(server() !== 0 && server() !== before));
    await workbench.waitForStatus(ready, "star-full");
    expect(await session.hosts()).toEqual(hosts);
  });

  it("brings back a server that the command line restarted, and calls it no crash", async () => {
    const { workbench } = session;
    const before = server();
    const child = spawn(process.execPath, [cli, "restart", "server"], {
      env: { ...process.env, STARCODER_HOME: home },
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(0);
    await until("a new server", () => Promise.resolve(server() !== 0 && server() !== before));
    await workbench.waitForStatus(ready, "star-full");
    // The progress of a restart goes by itself; a message of a crash would stay, as it has buttons.
    await until("no message", async () => (await workbench.toasts()).length === 0);
  });

  it("backs up and restores, and asks before it writes settings", async () => {
    const { workbench } = session;
    const { page } = workbench;
    const file = path.join(session.workspace, "saved.zip");
    await answerFileDialog(session.workbench, "StarCoder: Back Up", file);
    expect(await toast(/saved settings/)).toContain(file);
    expect(existsSync(file)).toBe(true);
    await closeToasts();

    await answerFileDialog(session.workbench, "StarCoder: Restore", file);
    await page.locator(".monaco-dialog-box").waitFor();
    await workbench.screenshot("asks before it restores");
    await session.workbench.pressButton("Restore");
    expect(await toast(/restored saved\.zip/)).toContain("Settings are as they were");
    await closeToasts();
  });

  it("names a damaged backup by its code", async () => {
    const { workbench } = session;
    const file = path.join(session.workspace, "damaged.zip");
    writeFileSync(file, "no zip");
    await answerFileDialog(session.workbench, "StarCoder: Restore", file);
    await session.workbench.pressButton("Restore");
    expect(await toast(/BACKUP_INVALID/)).toContain("Nothing was changed");
    await workbench.screenshot("a damaged backup");
    await closeToasts();
  });

  it(
    "says which step of a rebuild failed, and suggests as before",
    { timeout: 180_000 },
    async () => {
      const { workbench } = session;
      await workbench.command("StarCoder: Rebuild");
      await workbench.page.locator(".notification-toast").first().waitFor();
      await workbench.screenshot("rebuilding");
      const failure = workbench.page.locator(".notification-toast", { hasText: "REBUILD_FAILED" });
      await failure.first().waitFor({ timeout: 150_000 });
      const message = await toast(/REBUILD_FAILED/);
      expect(message).toContain("Install the native library anew");
      await workbench.screenshot("a rebuild without network");
      await closeToasts();
      await workbench.waitForStatus(ready, "star-full");
      await workbench.openFile("rebuilt.js", fixture);
      expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
    },
  );

  it("names what a reset deletes, deletes it, and starts anew", async () => {
    const { workbench } = session;
    const { page } = workbench;
    const log = path.join(home, "logs", "server-1.jsonl");
    const model = path.join(home, "models", "own.gguf");
    for (const file of [log, model]) writeFileSync(file, "x");
    await workbench.command("StarCoder: Reset to Clean State");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = (await dialog.textContent()) ?? "";
    expect(text).toContain("logs");
    expect(text).toContain("Models stay");
    await workbench.screenshot("asks before it resets");
    const before = server();
    await session.workbench.pressButton("Delete");
    expect(await toast(/was reset/)).toContain("before-reset");
    await workbench.screenshot("reset");
    expect(existsSync(log)).toBe(false);
    expect(existsSync(model)).toBe(true);
    expect(readdirSync(path.join(home, "backups"))).toContainEqual(
      expect.stringMatching(/^before-reset-/),
    );
    await until("a new server", () => Promise.resolve(server() !== 0 && server() !== before));
    await workbench.waitForStatus(ready, "star-full");
    await closeToasts();
    await workbench.openFile("anew.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
  });
});
