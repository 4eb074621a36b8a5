import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";
import { startWeighingHost } from "./support/weighingHost.ts";

const modelPath = path.resolve(import.meta.dirname, "../../media/models/starcoder-tiny.gguf");

/** Right code; what is typed at the cursor makes it wrong. */
const total = `export function total(items) {
  let sum = 0;
  for (let i = 0; i <| items.length; i++) {
    sum += items[i].price;
  }
  return sum;
}
`;
const countWhere = `export function countWhere(values, holds) {
  let count = 0;
  for (const value of values) {
    if (holds(value)) count += |1;
  }
  return count;
}
`;
const typed = `export function joined(items: string[]): string {
  let all = "";
  const limit = items.length;
  for (let i = 0; i <| limit; i++) {
    all += items[i] ?? "";
  }
  return all;
}
`;

/** The double finds the first surely wrong and the second perhaps. */
const opinions = [
  { line: "i <= items", text: "<", change: 11, after: 7 },
  { line: "i <= limit", text: "<", change: 11, after: 7 },
  { line: "count += 21", text: "1", change: 4, after: 2 },
  { line: "count += 21", text: "20", change: 4, after: 2 },
];

const squiggle = ".view-overlays .squiggly-warning, .view-overlays .squiggly-info";

describe.skipIf(skipReason() !== undefined)("the review in the editor", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      prepare: (home) => startWeighingHost(home, modelPath, opinions),
      workspaceSettings: { "starcoder.model.path": modelPath },
      userSettings: {
        "starcoder.review.minConfidence": 0.995,
        "problems.decorations.enabled": false,
        "javascript.validate.enable": true,
        "typescript.validate.enable": true,
      },
    });
    await session.workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  async function waitForSquiggles(count: number): Promise<void> {
    const found = session.workbench.page.locator(squiggle);
    await until(`${String(count)} squiggles`, async () => (await found.count()) === count);
  }

  /** Opens right code, types the mistake and saves. */
  async function mistype(name: string, text: string, mistake: string): Promise<void> {
    const { workbench } = session;
    await workbench.openFile(name, text);
    await workbench.type(mistake);
    await workbench.savedText();
  }

  /** Chooses from the quick fixes at the cursor, which stands just behind the mistake. */
  async function quickFix(title: RegExp, picture?: string): Promise<void> {
    const { page, press, screenshot } = session.workbench;
    const row = page.locator(".action-widget .monaco-list-row").filter({ hasText: title });
    // The editor may not have the focus yet: asked again, as a person would.
    await until(`the quick fix ${String(title)}`, async () => {
      await press("Control+.");
      return row
        .first()
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    });
    if (picture !== undefined) await screenshot(picture);
    await row.first().click();
    await row.first().waitFor({ state: "hidden" });
  }

  it("draws a mistake after saving, tells its odds on hover, and mends it by its quick fix", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await mistype("drawn.js", total, "=");
    await waitForSquiggles(1);
    await workbench.waitForStatus(/1 finding/);
    await page.locator(squiggle).first().hover({ force: true });
    const hover = page.locator(".monaco-hover:visible").filter({ hasText: "times as likely" });
    await hover.getByText("Quick Fix...").first().waitFor();
    // TypeScript's own part of the hover comes when it has started.
    await hover.getByText("Loading...").first().waitFor({ state: "hidden" });
    await workbench.screenshot("review finding with hover");
    const told = (await hover.first().innerText()).replaceAll("\u00a0", " ");
    expect(told).toMatch(/Confidence \d+%/);
    expect(told).toContain("for (let i = 0; i < items.length; i++) {");
    await hover.getByText("starcoder/wrong-comparison").last().click();
    await page.locator('.tab.active[data-resource-name="wrong-comparison.md"]').waitFor();
    await workbench.screenshot("review rule page");
    await page.locator('.tab[data-resource-name="drawn.js"]').click();
    await page.getByText("Ln 3, Col 23").first().waitFor();
    await quickFix(/Replace/, "review quick fixes");
    await waitForSquiggles(0);
    expect(await workbench.savedText()).toBe(total.replace("|", ""));
    await workbench.waitForStatus(/no findings/);
  });

  it("keeps a dismissed finding away, after a reload of the window too", async () => {
    const { workbench } = session;
    await mistype("dismissed.js", total, "=");
    await waitForSquiggles(1);
    await quickFix(/Dismiss/);
    await waitForSquiggles(0);
    await workbench.page.reload();
    await workbench.page.locator(".monaco-editor .view-line").first().waitFor();
    await workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
    const mistaken = total.replace("|", "=").replace("return sum;", "return sum;|");
    await mistype("dismissed.js", mistaken, " // of all");
    await workbench.waitForStatus(/no findings/);
    await waitForSquiggles(0);
    await workbench.command("StarCoder: Show Dismissed Findings Again");
    await workbench.pressButton("Review This File");
    await waitForSquiggles(1);
  });

  it("is silenced for a line by a comment", async () => {
    const { workbench } = session;
    await mistype("silenced.js", total, "=");
    await waitForSquiggles(1);
    await quickFix(/Suppress .* line/);
    await waitForSquiggles(0);
    expect(await workbench.savedText()).toMatch(
      /\/\/ starcoder-ignore-(next-)?line wrong-comparison/,
    );
    await workbench.waitForStatus(/no findings/);
  });

  it("lists what is not sure enough to be drawn, and goes there", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await mistype("perhaps.js", countWhere, "2");
    await workbench.waitForStatus(/no findings/);
    await waitForSquiggles(0);
    await workbench.press("Control+Home");
    await page.getByText("Ln 1, Col 1").first().waitFor();
    await workbench.press("F1");
    const input = page.locator(".quick-input-widget:visible .quick-input-box input");
    await input.fill(">StarCoder: Show Low-Confidence Findings");
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "Show Low-Confidence Findings" }).first().waitFor();
    await workbench.press("Enter");
    await rows.filter({ hasText: "wrong-literal" }).first().waitFor();
    await workbench.screenshot("review low confidence");
    await workbench.press("Enter");
    await page.getByText("Ln 4, Col ").first().waitFor();
  });

  it("shows score, recommendations and findings in its view", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await mistype("viewed.js", total, "=");
    await waitForSquiggles(1);
    await page.locator(".statusbar-item").filter({ hasText: "1 finding" }).first().click();
    const rows = page.locator(".pane-body .monaco-list-row");
    await rows
      .filter({ hasText: /Score .* of 10/ })
      .first()
      .waitFor();
    await rows.filter({ hasText: "Recommendations" }).first().waitFor();
    await rows.filter({ hasText: "did you mean" }).first().waitFor();
    await workbench.screenshot("review view");
  });

  it("leaves a place alone where another tool reports an error, until that is gone", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await mistype("typed.ts", typed, "=");
    await waitForSquiggles(1);
    await workbench.press("ArrowUp", "End", "ArrowLeft");
    await workbench.type(".toFixed");
    // A number and a function cannot be compared: TypeScript reports the whole comparison.
    await page.locator(".view-overlays .squiggly-error").first().waitFor();
    await waitForSquiggles(0);
    await workbench.waitForStatus(/no findings/);
    await page.getByText("1 hidden where another tool reports an error").first().waitFor();
    await workbench.screenshot("review beside another tool");
    await workbench.press(...Array.from(".toFixed", () => "Backspace"));
    await waitForSquiggles(1);
  });
});
