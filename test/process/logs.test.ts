import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  logAnalysisSchema,
  logRecordSchema,
  logsRecordSchema,
} from "../../server/protocol/logs.ts";
import { errorRecordSchema } from "../../server/protocol/records.ts";
import { startCli } from "../support/cliProcess.ts";
import { createTestLogs, entryAt, toLine, type TestLogs } from "../support/logFolder.ts";

let logs: TestLogs;
let children: ChildProcess[];

beforeEach(() => {
  logs = createTestLogs();
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
  logs.remove();
});

function appendLine(name: string, seconds: number): void {
  logs.append(name, `${toLine(entryAt(seconds))}\n`);
}

describe("starcoder logs", () => {
  function start(...args: string[]) {
    const { child, ended } = startCli(["logs", ...args], { home: join(logs.path, "home") });
    children.push(child);
    return { child, ended };
  }
  const run = (...args: string[]) => start(...args).ended;
  const inFolder = (): string[] => ["--folder", logs.path];

  it("prints records of all files for people, newest last, of the home by default", async () => {
    const folder = join(logs.path, "home", "logs");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.jsonl"), `${toLine(entryAt(2))}\n`);
    writeFileSync(
      join(folder, "b.jsonl"),
      `${toLine(entryAt(1, { level: "error", code: "HOST_DIED" }))}\nbroken\n`,
    );
    const { code, stdout, stderr } = await run();
    expect(code).toBe(0);
    expect(stdout).toBe(
      "2026-01-02T12:00:01.000Z  error  completion  record 1  code=HOST_DIED\n" +
        "2026-01-02T12:00:02.000Z  info   completion  record 2\n",
    );
    expect(stderr).toContain("b.jsonl: 1 lines are no log records.");
  });

  it("prints one document with --json, the newest records or all", async () => {
    logs.write("a.jsonl", ...Array.from({ length: 1200 }, (_, at) => entryAt(at)));
    const usual = await run(...inFolder(), "--json");
    const records = logsRecordSchema.parse(JSON.parse(usual.stdout)).records;
    expect(records).toHaveLength(200);
    expect(records.at(-1)?.message).toBe("record 1199");
    const all = await run(...inFolder(), "--json", "--lines", "0");
    expect(logsRecordSchema.parse(JSON.parse(all.stdout)).records).toHaveLength(1200);
    const one = await run(
      ...inFolder(),
      "--json",
      "--service",
      "host",
      "completion",
      "--grep",
      "RECORD 77",
      "--lines",
      "1",
    );
    expect(logsRecordSchema.parse(JSON.parse(one.stdout))).toMatchObject({
      files: [{ path: join(logs.path, "a.jsonl") }],
      records: [{ message: "record 779" }],
    });
  });

  it("says so where there are no logs, or none that match", async () => {
    const none = await run();
    expect(none).toMatchObject({ code: 0, stdout: "" });
    expect(none.stderr).toContain("no logs yet");
    const json = await run("--json");
    expect(logsRecordSchema.parse(JSON.parse(json.stdout))).toEqual({ files: [], records: [] });
    logs.write("a.jsonl", entryAt(1));
    expect((await run(...inFolder(), "--level", "error")).stderr).toContain("No records match");
    expect(existsSync(join(logs.path, "home"))).toBe(false);
  });

  it.each([
    [["--level", "loud"]],
    [["--service", "hosts"]],
    [["--since", "soon"]],
    [["--lines", "-3"]],
    [["--unknown"]],
    [["tail"]],
    [["analyse", "--follow"]],
    [["--follow", "analyse"]],
  ])("ends with 2 and says what is wrong with %j", async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
  });

  it("ends with 3 and LOG_UNREADABLE where the folder cannot be read", async () => {
    const file = logs.write("a.jsonl", entryAt(1));
    for (const folder of [file, join(logs.path, "nowhere")]) {
      const { code, stdout, stderr } = await run("--folder", folder, "--json");
      expect(code).toBe(3);
      expect(stderr).toContain("LOG_UNREADABLE");
      expect(errorRecordSchema.parse(JSON.parse(stdout)).error.code).toBe("LOG_UNREADABLE");
    }
  });

  it("analyses the same records, as tables and as JSON", async () => {
    logs.write(
      "a.jsonl",
      entryAt(1, { level: "error", message: "failed", code: "DISK_FULL" }),
      entryAt(2, { durationMs: 20, tokensUsed: 5 }),
    );
    const text = await run("analyse", ...inFolder());
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/DISK_FULL +failed/);
    expect(text.stdout).toContain("→ Free space");
    for (const args of [
      ["analyze", "--json", "--level", "error"],
      ["--json", "--level", "error", "analyse"],
    ]) {
      const { stdout } = await run(...args, ...inFolder());
      expect(logAnalysisSchema.parse(JSON.parse(stdout))).toMatchObject({
        records: 1,
        patterns: [{ name: "disk" }],
      });
    }
  });

  it("follows with one JSON document a line until Ctrl-C", async () => {
    logs.write("a.jsonl", entryAt(1), entryAt(2));
    const { child, ended } = start(...inFolder(), "--follow", "--json", "--lines", "1");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => {
      const line = await lines.next();
      return logRecordSchema.parse(JSON.parse(String(line.value))).message;
    };
    expect(await next()).toBe("record 2");
    appendLine("a.jsonl", 3);
    expect(await next()).toBe("record 3");
    renameSync(join(logs.path, "a.jsonl"), join(logs.path, "a.1.jsonl"));
    appendLine("a.jsonl", 4);
    appendLine("b.jsonl", 5);
    expect(new Set([await next(), await next()])).toEqual(new Set(["record 4", "record 5"]));
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });

  it("ends quietly when nobody reads any more", async () => {
    logs.write("a.jsonl", ...Array.from({ length: 20_000 }, (_, at) => entryAt(at)));
    const { child, ended } = start(...inFolder(), "--follow", "--lines", "0");
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});
