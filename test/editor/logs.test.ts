import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { logReadersOf } from "./support/logReaders.ts";
import { logRecordSchema } from "../../server/protocol/logs.ts";
import { largeLog } from "./support/largeLog.ts";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

/** What the status line says of the large log and the others. */
const allRecords = /\d{3},\d{3} records in 3\d(\.\d)? MB/;
const ready = /^\s*StarCoder\s*$/;

describe.skipIf(skipReason() !== undefined)("the log viewer", () => {
  let session: Session;
  let home = "";
  let logs = "";

  beforeAll(async () => {
    session = await startSession({
      userSettings: {
        "starcoder.log.level": "debug",
      },
      prepare: (folder) => {
        home = folder;
        logs = path.join(home, "logs");
        return Promise.resolve(() => Promise.resolve());
      },
    });
    await session.workbench.waitForStatus(ready, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  const view = (): FrameLocator =>
    session.workbench.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  const tab = (title: string): Locator =>
    session.workbench.page.locator(".tabs-container .tab.active").filter({ hasText: title });
  const rows = (): Locator => view().locator(".record");
  const chip = (name: string): Locator => view().locator(`.chip[data-filter="${name}"]`);

  it("leads from an error to a button that acts on it", async () => {
    const { workbench } = session;
    await append("the model host failed", { level: "error", code: "MODEL_NOT_FOUND" });
    await workbench.command("StarCoder: Show Logs");
    await rows().getByRole("button", { name: "MODEL_NOT_FOUND" }).last().click();
    await chip("code").getByText("MODEL_NOT_FOUND").waitFor();
    await view()
      .getByText(/^1 record in/)
      .waitFor();
    await rows().first().click();
    await workbench.press("Enter");
    await view().getByRole("region", { name: "Details of the record" }).waitFor();
    await workbench.screenshot("logs error");
    await view().locator('.details [data-action="openSettings"]').click();
    await workbench.page.locator(".settings-editor").waitFor();
    await workbench.page.locator(".settings-editor").press("Escape");
    await workbench.page.locator(".settings-editor").waitFor({ state: "hidden" });
    await chip("code").getByRole("button").click();
    await chip("code").waitFor({ state: "detached" });
  });

  it("shows a request from keystroke to token, by one click on its id", async () => {
    const { workbench } = session;
    await workbench.openFile("asked.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
    const requestId = await generatedRequest(logs);
    await workbench.command("StarCoder: Show Logs");
    await workbench.screenshot("logs");
    await view().getByRole("textbox", { name: "Text in records" }).fill(requestId);
    const link = view().locator(`.record [title="Show everything with request ${requestId}"]`);
    await link.first().click();
    await chip("request").getByText(requestId).waitFor();
    await until("records of completion and host", async () => {
      const services = await view().locator(".record .cell-service").allTextContents();
      return services.includes("completion") && services.includes("host");
    });
    // The rows of the text filter leave one by one as those of the request arrive.
    await until("nothing but records of the request", async () => {
      const shown = await link.count();
      return shown > 0 && shown === (await rows().count());
    });
    await workbench.screenshot("logs request");
  });

  it("opens a large log at its end and filters it", async () => {
    const { workbench } = session;
    const { text, errors } = largeLog(30 * 1024 * 1024);
    await tab("StarCoder Logs").click({ button: "middle" });
    await workbench.page.locator("iframe.webview").waitFor({ state: "detached" });
    await until("no log reader", async () => (await logReadersOf(home)).length === 0);
    await writeFile(path.join(logs, "server-77777.jsonl"), text);
    await workbench.command("StarCoder: Show Logs");
    await rows().first().waitFor();
    await view().getByText(allRecords).waitFor();
    await view().getByRole("combobox", { name: "Level" }).selectOption("error");
    await view().getByRole("textbox", { name: "Text in records" }).fill("out of memory 77");
    await view()
      .getByText(new RegExp(`^${errors} records? in`))
      .waitFor();
    await view().getByRole("grid").focus();
    await workbench.press("Home");
    await view().locator('.record[aria-rowindex="1"]').getByText("out of memory 77").waitFor();
  });

  it("adds records as they are written, and stays where it was scrolled to", async () => {
    const { workbench } = session;
    await view().getByRole("button", { name: "Clear all" }).click();
    await view().getByText(allRecords).waitFor();
    await append("a record written live");
    await view().getByText("a record written live").waitFor();
    const grid = view().getByRole("grid");
    await grid.focus();
    await workbench.press("Home");
    await append("a record below the view");
    await view().getByRole("button", { name: "1 new" }).click();
    await view().getByText("a record below the view").waitFor();
  });

  it("analyses the logs in tables and charts that lead back to the records", async () => {
    const { workbench } = session;
    await workbench.command("StarCoder: Analyze Logs");
    const errors = view().getByRole("region", { name: "Errors, by frequency" });
    const memory = errors.getByRole("row").filter({ hasText: "MEMORY_ERROR" });
    await memory.first().waitFor();
    await view().locator(".chart canvas").first().waitFor();
    await workbench.screenshot("log analysis");
    await view().getByRole("region", { name: "Latency" }).getByText("p95").waitFor();
    await memory
      .getByRole("button", { name: /out of memory/ })
      .first()
      .click();
    await chip("code").getByText("MEMORY_ERROR").waitFor();
    await rows().first().waitFor();
  });

  it("goes on when its reader dies, and says so", async () => {
    const [pid = 0] = await logReadersOf(home);
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, "SIGKILL");
    await view().getByText("The log reader ended (SIGKILL). It was started again.").waitFor();
    await chip("code").getByRole("button").click();
    await view().getByText(allRecords).waitFor();
  });

  async function append(message: string, fields: object = {}): Promise<void> {
    const time = new Date().toISOString();
    const record = { time, level: "info", service: "server", message, ...fields };
    await appendFile(path.join(logs, "server-88888.jsonl"), `${JSON.stringify(record)}\n`);
  }
});

/** The id of a completion that the host has generated tokens for. */
async function generatedRequest(logs: string): Promise<string> {
  let found: string | undefined;
  await until("a completion in the log of the host", async () => {
    const names = await readdir(logs);
    const texts = await Promise.all(names.map((name) => readFile(path.join(logs, name), "utf8")));
    const idsOf = (service: string, message: string): (string | undefined)[] =>
      texts
        .flatMap((text) => text.split("\n").filter((line) => line.endsWith("}")))
        .map((line) => logRecordSchema.parse(JSON.parse(line)))
        .filter((record) => record.service === service && record.message === message)
        .map(({ requestId }) => requestId);
    const asked = new Set(idsOf("completion", "completion"));
    found = idsOf("host", "generated").find((id) => id !== undefined && asked.has(id));
    return found !== undefined;
  });
  return found ?? "";
}
