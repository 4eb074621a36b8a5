import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";
import { startWeighingHost } from "./support/weighingHost.ts";

const modelPath = path.resolve(import.meta.dirname, "../../media/models/starcoder-tiny.gguf");

/** Two functions, each with a mistake; the cursor stands in the second. */
const mistaken = `export function total(items) {
  let sum = 0;
  for (let i = 0; i <= items.length; i++) {
    sum += items[i].price;
  }
  return sum;
}

export function countWhere(values, holds) {
  let count = 0;
  for (let at = 0; at <= values.length; at++) {
    if (holds(values[at])) count += |1;
  }
  return count;
}
`;
const plain = mistaken.replace("|", "");

const opinions = [
  { line: "i <= items", text: "<", change: 11, after: 7 },
  { line: "at <= values", text: "<", change: 11, after: 7 },
];

const ignore = () => undefined;

describe.skipIf(skipReason() !== undefined)("the review's view and commands", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      prepare: (home) => startWeighingHost(home, modelPath, opinions),
      workspaceSettings: { "starcoder.model.path": modelPath, "starcoder.review.mode": "command" },
      userSettings: { "problems.decorations.enabled": false },
    });
    await session.workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  const squiggles = () => session.workbench.page.locator(".view-overlays .squiggly-warning");
  const rows = () => session.workbench.page.locator(".pane-body .monaco-list-row");
  const findings = () => rows().filter({ hasText: "did you mean" });
  /** The rows go by confidence, which is the curve's business. */
  const findingOn = (line: number) =>
    findings()
      .filter({ hasText: `line ${String(line)} ` })
      .first();

  async function waitForSquiggles(count: number): Promise<void> {
    await until(`${String(count)} squiggles`, async () => (await squiggles().count()) === count);
  }

  it("says what a review that was asked for has found, and leads there", async () => {
    const { workbench } = session;
    await workbench.openFile("asked.js", mistaken);
    await workbench.type(" ");
    await workbench.savedText();
    await workbench.command("StarCoder: Review This File");
    await until("the message", async () =>
      (await workbench.toasts()).some((text) => /asked\.js: 2 findings in \d+ lines/.test(text)),
    );
    await waitForSquiggles(2);
    await workbench.screenshot("review told");
    await workbench.pressButton("Show Findings");
    await until("both findings", async () => (await findings().count()) === 2);
  });

  it("goes to a finding, applies its fix and dismisses another from their rows", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await findingOn(11).click();
    await page.getByText("Ln 11, Col ").first().waitFor();
    await findingOn(3).hover();
    await findingOn(3).locator(".codicon-lightbulb-autofix").click();
    await waitForSquiggles(1);
    await until("one row", async () => (await findings().count()) === 1);
    await findings().first().hover();
    await workbench.screenshot("review row with buttons");
    // The tree draws itself anew after the fix: a press may meet the old row.
    await until("no squiggle", async () => {
      if ((await squiggles().count()) === 0) return true;
      const close = findings().first().locator(".action-label.codicon-close");
      await findings().first().hover({ timeout: 1000 }).catch(ignore);
      await close.click({ timeout: 1000 }).catch(ignore);
      return false;
    });
    await rows().filter({ hasText: "no findings" }).first().waitFor();
    const text = await readFile(path.join(session.workspace, "asked.js"), "utf8");
    expect(text).toContain("i <= items");
    await page.locator(".editor-instance .view-lines").first().click();
    expect(await workbench.savedText()).toContain("i < items");
  });

  it("is empty again, with a way to begin, when its findings are cleared", async () => {
    const { workbench } = session;
    await workbench.command("StarCoder: Clear Findings");
    await workbench.page.getByText("StarCoder has not reviewed this file").first().waitFor();
    await workbench.screenshot("review view empty");
  });

  it("reviews the lines that are selected and no others", async () => {
    const { workbench } = session;
    await workbench.openFile("selected.js", mistaken);
    await workbench.press("ArrowUp", "Home", "Shift+ArrowDown");
    await workbench.command("StarCoder: Review Selection");
    await waitForSquiggles(1);
    await findings().filter({ hasText: "line 11" }).first().waitFor();
    await until("no other finding", async () => (await findings().count()) === 1);
  });

  it("turns a rule off by a quick fix, and on again by undo", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await workbench.press("F8");
    await workbench.press("Escape");
    const off = page
      .locator(".action-widget .monaco-list-row")
      .filter({ hasText: /Turn the rule/ });
    await until("the quick fixes", async () => {
      await workbench.press("Control+.");
      return off
        .first()
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    });
    await off.first().click();
    await waitForSquiggles(0);
    const settings = path.join(session.workspace, ".vscode", "settings.json");
    expect(await readFile(settings, "utf8")).not.toContain("wrong-comparison");
    await workbench.pressButton("Undo");
    await waitForSquiggles(1);
    expect(await workbench.savedText()).toBe(plain);
  });
});
