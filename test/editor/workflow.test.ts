import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReviewFinding } from "../../server/protocol/review.ts";
import { keptWorkflow, workflowRound } from "../support/workflows.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

const ready = /^\s*StarCoder\s*$/;

/** Code with two flaws, and a version of it without. */
const original = `export function total(items) {
  let sum = 0;
  for (let i = 0; i <= items.length; i++) {
    sum += items[i].price;
  }
  const count = items.length;
  return sum + count;
}`;
const better = `export function total(items) {
  let sum = 0;
  for (let i = 0; i < items.length; i++) {
    sum += items[i].price;
  }
  const count = items.length;
  return sum / count;
}`;

describe.skipIf(skipReason() !== undefined)("generated code in the editor", () => {
  let session: Session;
  let home = "";

  beforeAll(async () => {
    session = await startSession({
      userSettings: { "problems.decorations.enabled": false, "starcoder.workflow.rounds": 1 },
      prepare: (folder) => {
        home = folder;
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
  const button = (name: string | RegExp): Locator => view().getByRole("button", { name }).first();
  const input = (): Locator =>
    session.workbench.page.locator(".quick-input-widget:visible .quick-input-box input");
  const rows = (): Locator => session.workbench.page.locator(".quick-input-list .monaco-list-row");

  /** Runs a command that asks something. */
  async function run(title: string): Promise<void> {
    await session.workbench.press("F1");
    const row = rows().first().filter({ hasText: title });
    await until(`the command ${title}`, async () => {
      await input().fill(`>StarCoder: ${title}`);
      return (await row.count()) > 0;
    });
    await session.workbench.press("Enter");
  }

  /** Answers a step, whose field has this placeholder. */
  async function answer(placeholder: RegExp, text: string): Promise<void> {
    const field = session.workbench.page.getByPlaceholder(placeholder);
    await field.waitFor();
    if (text !== "") await field.fill(text);
    await session.workbench.press("Enter");
  }

  /** What is written is drawn from a small model: one that wrote nothing usable is asked again. */
  async function untilShown(ask: () => Promise<void>): Promise<void> {
    const { page } = session.workbench;
    const failed = page.locator(".notification-toast").filter({ hasText: "could not be used" });
    await until("a result", async () => {
      await ask();
      const shown = view().getByRole("heading", { name: "Versions" });
      const first = await Promise.race([
        shown.waitFor().then(() => "shown"),
        failed
          .first()
          .waitFor()
          .then(() => "failed"),
      ]);
      if (first === "shown") return true;
      await session.workbench.command("Notifications: Clear All Notifications");
      return false;
    });
  }

  /** Saves a file, which is open beside the view, and returns what is on disk. */
  async function saved(name: string): Promise<string> {
    const { workbench, workspace } = session;
    const tabs = workbench.page.locator(`.tab[data-resource-name="${name}"]`);
    await tabs.first().click();
    await workbench.page.locator(".editor-instance .monaco-editor.focused").waitFor();
    await workbench.press("Control+s");
    await tabs.and(workbench.page.locator(":not(.dirty)")).first().waitFor();
    return readFile(path.join(workspace, name), "utf8");
  }

  /** Opens the newest result of the list. */
  async function openNewest(task: string): Promise<void> {
    await run("Show Generated Results");
    await rows().first().filter({ hasText: task }).waitFor();
    await session.workbench.press("Enter");
  }

  async function closeView(): Promise<void> {
    await session.workbench.command("View: Close All Editors");
    await session.workbench.page.locator("iframe.webview.ready").waitFor({ state: "detached" });
  }

  it("writes what a comment asks for, shows it, and puts it below when it is applied", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await workbench.openFile("read.js", "// Read a JSON file|\n\nexport const last = 1;\n");
    await untilShown(async () => {
      await run("Generate Code…");
      await page.getByPlaceholder("What is the code to do?").waitFor();
      await workbench.screenshot("generate");
      await answer(/What is the code/, "");
      await answer(/Requirements/, "");
      await rows().filter({ hasText: "Below the Comment" }).first().waitFor();
      await workbench.screenshot("generate where");
      await workbench.press("Enter");
    });
    await workbench.screenshot("generate result");
    await button("Apply All").click();
    await button(/^Take Back/).waitFor();
    await workbench.screenshot("generate applied");
    expect(await saved("read.js")).toMatch(
      /^\/\/ Read a JSON file\n[^]+\n\nexport const last = 1;\n$/,
    );
    await workbench.press("Control+z");
    expect(await saved("read.js")).toBe("// Read a JSON file\n\nexport const last = 1;\n");
    await button("Apply All").waitFor();
    await closeView();
  });

  it("keeps its results, whose changes are applied and discarded one by one", async () => {
    const { workbench, workspace } = session;
    const { page } = workbench;
    const above = "// moved down\n".repeat(3);
    await workbench.openFile("total.js", `|${above}${original}\n`);
    await keep(path.join(workspace, "total.js"));
    await run("Show Generated Results");
    await rows().filter({ hasText: "Mean price of the items" }).first().waitFor();
    await workbench.screenshot("generate history");
    await workbench.press("Enter");
    await button("Apply All").waitFor();
    await view().getByText("2 changes: 2 to decide").waitFor();
    await workbench.screenshot("revise result");
    await button(/^Apply: Change 1/).click();
    await button(/^Discard: Change 2/).click();
    await view().getByText("2 changes: 1 applied, 1 discarded").waitFor();
    await workbench.screenshot("revise one applied");
    expect(await saved("total.js")).toBe(`${above}${original.replace("<=", "<")}\n`);
    // What was decided is known when the view is opened again.
    await closeView();
    await openNewest("Mean price");
    await view().getByText("2 changes: 1 applied, 1 discarded").waitFor();
    await button(/Show version 1/).click();
    await view().getByText("version 1 · total.js:4").waitFor();
    await button("Open as Diff").click();
    await page.locator(".monaco-diff-editor .modified .view-line").first().waitFor();
    await workbench.screenshot("revise diff");
    await closeView();
  });

  it("says when its place was changed, and offers other ways", async () => {
    const { workbench, workspace } = session;
    const changed = original.replace("let sum = 0", "let sum = 1");
    await writeFile(path.join(workspace, "total.js"), `${changed}\n`);
    await openNewest("Mean price");
    await view().getByText("was changed since").waitFor();
    await workbench.screenshot("revise changed");
    await button("Open as New File").click();
    await workbench.page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
    await workbench.command("View: Revert and Close Editor");
    await closeView();
  });

  it("revises the selection by its review alone where the model follows no instructions", async () => {
    const { workbench } = session;
    await workbench.openFile("sum.js", `|${original}\n`);
    await workbench.press("Control+a");
    await run("Revise Selection…");
    await workbench.page.getByPlaceholder("What is to change?").waitFor();
    await workbench.screenshot("revise");
    await workbench.press("Enter");
    await view().getByRole("heading", { name: "Revised by review alone" }).waitFor();
    await view().getByRole("heading", { name: "Versions" }).waitFor();
    await workbench.screenshot("revise by review");
  });

  /** A result of an earlier day for the code in this file. */
  async function keep(file: string): Promise<void> {
    const rounds = [
      workflowRound({ by: "given", code: original, score: 4.2, findings: [finding] }),
      workflowRound({
        ...{ round: 1, code: `${better}\n`, score: 8.7 },
        changes: ["The loop ends before the length.", "The sum is divided by the count."],
      }),
    ];
    const range = { start: { line: 0, character: 0 }, end: { line: 7, character: 1 } };
    const kept = keptWorkflow(
      {
        ...{ requestId: "s1-gtest", createdAt: new Date().toISOString(), path: "total.js" },
        ...{ task: "Mean price of the items", language: "javascript", model: "Some Instruct 7B" },
        ...{ rounds, best: 1, code: `${better}\n`, score: 8.7, tokensUsed: 5321 },
        workflowTime: 48_200,
      },
      { uri: pathToFileURL(file).href, range, original, around: { before: "", after: "\n" } },
    );
    await mkdir(path.join(home, "workflows"), { recursive: true });
    const text = JSON.stringify({ version: 1, ...kept });
    await writeFile(path.join(home, "workflows", "s1-gtest.json"), text);
  }
});

const finding: ReviewFinding = {
  rule: "starcoder/wrong-comparison",
  origin: "likelihood",
  category: "logic",
  severity: "warning",
  message: "`<=` here: did you mean `<`?",
  confidence: 0.93,
  why: "With `<` the line and what follows it are 400 times as likely.",
  shown: true,
  ...{ written: "<=", related: [], tags: [], fingerprint: "f1" },
  range: { start: { line: 2, character: 20 }, end: { line: 2, character: 22 } },
};
