import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startFakeLlamaServer, type FakeLlamaServer } from "../support/remote/fakeLlamaServer.ts";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

describe.skipIf(skipReason() !== undefined)("remote engines in the editor", () => {
  let session: Session;
  let engines: readonly FakeLlamaServer[] = [];

  beforeAll(async () => {
    const complete = () => ["st", " * second", ";"];
    engines = [await startFakeLlamaServer({ complete }), await startFakeLlamaServer({ complete })];
    session = await startSession({
      // The editor of these tests is a remote window: it takes no setting of a machine from the user.
      workspaceSettings: {
        "starcoder.remote.endpoints": engines.map(({ url }, index) => ({
          ...{ url, name: `engine ${String(index + 1)}` },
        })),
      },
    });
    await session.workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
  });
  afterAll(async () => {
    await session.stop();
    for (const engine of engines) await engine.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  it("suggest, and go on when one of them dies", async () => {
    const { workbench } = session;
    await workbench.openFile("remote.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toContain("second");
    expect(await session.hosts()).toEqual([]);
    // The one that this file goes to.
    const used = engines.find((engine) => engine.of("/completion").length > 0);
    expect(used).toBeDefined();
    await used?.close();
    await workbench.openFile("other.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toContain("second");
  });

  it("are listed in the health view, with what keeps one away", async () => {
    const { workbench } = session;
    await workbench.command("StarCoder: Check Health");
    const view = workbench.page
      .frameLocator("iframe.webview.ready")
      .frameLocator("iframe#active-frame");
    await view.getByText("It works with 1 of 2 remote engines.").waitFor();
    await until("the reason", async () => {
      const rows = await view.getByRole("row", { name: /engine \d/ }).allTextContents();
      return rows.some((row) => row.includes("A remote engine cannot be reached."));
    });
    await workbench.screenshot("remote engines");
  });
});
