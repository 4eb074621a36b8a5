import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelListSchema } from "../../server/protocol/models.ts";
import {
  completeRecordSchema,
  doctorReportSchema,
  errorRecordSchema,
  reviewRecordSchema,
} from "../../server/protocol/records.ts";
import { runCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

describe("the command line", () => {
  let home: ProcessHome;
  let folder: string;

  beforeAll(() => {
    home = createProcessHome();
    folder = join(home.path, "files");
    mkdirSync(folder);
  });
  afterAll(() => home.remove());

  function write(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  const run = (...args: string[]) => runCli(args, { home: home.path });

  it("completes a place in a file and says what it took", async () => {
    const file = write("add.ts", "export function add(a: number, b: number) {\n  return a +\n}\n");
    const { code, stdout } = await run("complete", `${file}:2:13`, "--json");
    expect(code).toBe(0);
    const record = completeRecordSchema.parse(JSON.parse(stdout));
    expect(record).toMatchObject({ file, line: 2, column: 13, state: "ok" });
    expect(record.suggestion).toMatch(/b/);
    expect(record.model.starter).toBe(true);
    const { code: again, stdout: text } = await run("complete", `${file}:2:13`);
    expect(again).toBe(0);
    expect(text).toContain("bundled starter");
    expect(text).toMatch(/latency {2}[\d.]+ ms/);
  });

  it("reviews a file, as JSON and as SARIF", async () => {
    const file = write(
      "total.ts",
      "export function total(items: number[]) {\n  let sum = 0;\n  for (let i = 0; i <= items.length; i++) sum += items[i] ?? 0;\n  return sum;\n}\n",
    );
    const { code, stdout } = await run("review", file, "--json", "--min-confidence", "0");
    const record = reviewRecordSchema.parse(JSON.parse(stdout));
    const [only] = record.files;
    expect(only?.file).toBe(file);
    expect(only?.result?.score).toBeGreaterThanOrEqual(1);
    const isFound = only?.result?.findings.some(({ shown }) => shown) === true;
    expect(code).toBe(isFound ? 1 : 0);
    const sarif = await run("review", file, "--sarif", "--min-confidence", "0");
    expect(sarif.code).toBe(code);
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: (only?.result?.findings ?? [])
            .filter(({ shown }) => shown)
            .map(({ rule }) => ({ ruleId: rule })),
        },
      ],
    });
  });

  it.each([
    [["review"]],
    [["review", "a.ts", "--json", "--sarif"]],
    [["review", "a.ts", "--min-confidence", "2"]],
  ])("%j is wrong usage", async (args) => {
    expect((await run(...args)).code).toBe(2);
  });

  it("completes an empty file and the end of one without an error", async () => {
    const empty = await run("complete", `${write("empty.py", "")}:1:1`, "--json");
    expect(empty.code).toBe(0);
    const end = await run("complete", `${write("end.py", "def f():\n")}:2:1`, "--json");
    expect(end.code).toBe(0);
  });

  it.each([
    [[]],
    [["complete"]],
    [["complete", "add.ts"]],
    [["complete", "add.ts:1:1", "--nonsense"]],
    [["coffee"]],
    [["models"]],
  ])("ends with 2 for wrong usage: %j", async (args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\S/);
  });

  it.each<[string, () => string[], string]>([
    ["a file that is missing", () => [join(folder, "no.ts:1:1")], "DOCUMENT_UNSUPPORTED"],
    ["a folder", () => [`${folder}:1:1`], "DOCUMENT_UNSUPPORTED"],
    ["a binary", () => [`${write("a.bin", "\0\0")}:1:1`], "DOCUMENT_UNSUPPORTED"],
    ["a place past the end", () => [`${write("a.ts", "a\n")}:9:1`], "POSITION_INVALID"],
    [
      "a model that is missing",
      () => [`${write("a.ts", "a\n")}:1:1`, "--model", "/no/such.gguf"],
      "MODEL_NOT_FOUND",
    ],
    [
      "a model that is garbage",
      () => [`${write("a.ts", "a\n")}:1:1`, "--model", write("garbage.gguf", "garbage")],
      "MODEL_INVALID",
    ],
    [
      "a model that is not in the working folder",
      () => [`${write("a.ts", "a\n")}:1:1`, "--model", "a.gguf"],
      "MODEL_NOT_FOUND",
    ],
  ])("ends with 3 and the code on stderr for %s", async (_, args, expected) => {
    const { code, stderr, stdout } = await run("complete", ...args(), "--json");
    expect(stderr).toMatch(new RegExp(`^${expected}: `));
    expect(code).toBe(3);
    expect(errorRecordSchema.parse(JSON.parse(stdout)).error.code).toBe(expected);
  });

  it("examines the machine, and ends with 1 when a check fails", { timeout: 60_000 }, async () => {
    const { code, stdout } = await run("doctor", "--json");
    const { ok, checks } = doctorReportSchema.parse(JSON.parse(stdout));
    expect(code).toBe(ok ? 0 : 1);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["node", "model", "binding", "completion"]),
    );
    const failing = await run("doctor", "--model", "/no/such.gguf", "--json");
    expect(failing.code).toBe(1);
    expect(doctorReportSchema.parse(JSON.parse(failing.stdout)).ok).toBe(false);
  });

  it("lists the models", async () => {
    const { code, stdout } = await run("models", "list", "--json");
    expect(code).toBe(0);
    expect(modelListSchema.parse(JSON.parse(stdout)).models).toMatchObject([{ starter: true }]);
    expect((await run("models", "list")).stdout).toContain("StarCoder Tiny");
  });
});
