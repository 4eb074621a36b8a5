import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { promptsRecordSchema } from "../../server/protocol/explain.ts";
import { workflowResultSchema } from "../../server/protocol/workflow.ts";
import { createWorkflowHistory } from "../../server/state/workflowHistory.ts";
import { runCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

let home: ProcessHome;
beforeAll(() => {
  home = createProcessHome();
});
afterAll(() => home.remove());

const run = (args: readonly string[], input?: string) =>
  runCli(args, { home: home.path, cwd: home.path, ...(input === undefined ? {} : { input }) });

it("generates code on the bundled model, reviews it and keeps it in the history", async () => {
  const task = "Add numbers in a function `add(a: number, b: number): number`.";
  const flags = ["--language", "typescript", "--candidates", "1", "--rounds", "1"];
  const { code, stdout, stderr } = await run(["generate", "--task", "-", "--json", ...flags], task);
  expect(stderr).toBe("");
  const result = workflowResultSchema.parse(JSON.parse(stdout));
  expect(result.code).toContain("export function add(a: number, b: number): number {");
  expect(result).toMatchObject({ model: "StarCoder Tiny", score: expect.any(Number) as number });
  expect(code).toBe(result.findings.some(({ shown }) => shown) ? 1 : 0);
  const kept = await createWorkflowHistory(home.path).read(result.requestId);
  expect(kept?.result).toEqual(result);
});

it("writes the code to a file, once, and says what is wrong with a command line", async () => {
  const out = join(home.path, "one.py");
  // The model's likeliest answer to this one parses, so that nothing is left to chance.
  const flags = [
    "--task",
    "Get the name: `def get_name(self):`",
    "--out",
    out,
    "--candidates",
    "1",
  ];
  const first = await run(["generate", ...flags, "--no-review"]);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("written to") as string });
  expect(readFileSync(out, "utf8")).toMatch(/^def get_name\(self\):\n {4}"""Get the name/);
  const [again, nothing, wrong] = await Promise.all([
    run(["generate", ...flags]),
    run(["generate", "--language", "python"]),
    run(["generate", "--task", "x", "--language", "python", "--rounds", "99"]),
  ]);
  expect(again).toMatchObject({ code: 2, stderr: `${out} exists; --force overwrites it.\n` });
  expect(nothing).toMatchObject({ code: 2 });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("rounds") as string });
});

it("prints what would be sent, by prompts of one's own too, and names a broken one", async () => {
  const task = ["--task", "Give one.", "--language", "python", "--instruct", "on", "--json"];
  const own = join(home.path, "generate.md");
  writeFileSync(own, "## system\n\nBe brief.\n");
  const [plain, broken] = await Promise.all([
    run(["prompt", "generate", ...task]),
    run(["prompt", "generate", ...task, "--prompts", home.path]),
  ]);
  const [prompt] = promptsRecordSchema.parse(JSON.parse(plain.stdout)).prompts;
  expect(prompt?.purpose).toBe("generate");
  expect(prompt?.parts.every(({ tokens }) => tokens > 0)).toBe(true);
  expect(broken).toMatchObject({ code: 3 });
  expect(broken.stderr).toMatch(/^PROMPT_INVALID: .*generate\.md: The prompt `task` is missing/);
});
