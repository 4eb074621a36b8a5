import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const ready = /^\s*StarCoder\s*$/;

describe.skipIf(skipReason() !== undefined)("the service behind the editor", () => {
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

  async function suggest(name: string): Promise<string> {
    const { workbench } = session;
    await workbench.openFile(name, fixture);
    return workbench.typeUntilGhostText(typed);
  }

  async function host(): Promise<number> {
    const pids = await session.hosts();
    expect(pids).toHaveLength(1);
    return pids[0] ?? 0;
  }

  it("suggests nothing in a language that is off", async () => {
    const { workbench } = session;
    expect(await suggest("on.js")).toMatch(/\S/);
    await workbench.openFile("off.py", fixture);
    await workbench.waitForStatus(ready, "circle-slash");
    await workbench.type(typed);
    await workbench.expectNoGhostText();
    await workbench.screenshot("language off");
  });

  it("reviews a file that is saved and says its score, in the menu too", async () => {
    const { workbench } = session;
    await workbench.openFile("reviewed.js", fixture);
    await workbench.type("  return first * second;");
    await workbench.savedText();
    const headline = /\d(\.\d)? · (no findings|\d+ findings?)/;
    await workbench.waitForStatus(headline);
    await workbench.page.locator(".statusbar-item").filter({ hasText: ready }).first().click();
    const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
    await rows
      .filter({ hasText: /Review this file.*Score \d/ })
      .first()
      .waitFor();
    await workbench.screenshot("menu with a score");
    await workbench.press("Escape");
  });

  it("can be turned off and on for the language of the file", async () => {
    const { workbench } = session;
    const toggle = "StarCoder: Turn Suggestions On or Off for This Language";
    await workbench.openFile("toggled.js", fixture);
    await workbench.command(toggle);
    await workbench.waitForStatus(ready, "circle-slash");
    await workbench.type(typed);
    await workbench.expectNoGhostText();
    await workbench.command(toggle);
    await workbench.waitForStatus(ready, "star-full");
    expect(await suggest("again.js")).toMatch(/\S/);
  });

  it("is restarted by its command, and suggests again", async () => {
    const { workbench } = session;
    const before = await host();
    await workbench.command("StarCoder: Restart Service");
    await until("a new host", async () => {
      const pids = await session.hosts();
      return pids.length === 1 && pids[0] !== before;
    });
    await workbench.waitForStatus(ready, "star-full");
    expect(await suggest("restarted.js")).toMatch(/\S/);
    await workbench.screenshot("restarted");
  });

  it("comes back by itself when its host is killed", async () => {
    const { workbench } = session;
    const before = await host();
    process.kill(before, "SIGKILL");
    await until("a new host", async () => {
      const pids = await session.hosts();
      return pids.length === 1 && pids[0] !== before;
    });
    await workbench.waitForStatus(ready, "star-full");
    expect(await suggest("revived.js")).toMatch(/\S/);
  });
});
