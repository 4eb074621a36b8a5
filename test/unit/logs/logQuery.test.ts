import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogQuery, type LogQuery } from "../../../server/logs/read/logQuery.ts";
import { longestLine } from "../../../server/logs/read/scanLog.ts";
import type { LogFilter, LogProgress, LogRow } from "../../../server/protocol/logs.ts";
import { createTestLogs, entryAt, toLine, type TestLogs } from "../../support/logFolder.ts";

const messages = (rows: readonly LogRow[]): string[] => rows.map(({ record }) => record.message);

describe("a query of the logs", () => {
  let logs: TestLogs;
  let query: LogQuery | undefined;

  beforeEach(() => {
    logs = createTestLogs();
  });
  afterEach(async () => {
    await query?.end();
    logs.remove();
  });

  function start(filter: LogFilter = {}, onProgress?: (progress: LogProgress) => void): LogQuery {
    query = createLogQuery({
      folder: logs.path,
      filter,
      now: () => performance.now(),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return query;
  }

  async function all(filter: LogFilter = {}): Promise<string[]> {
    const started = start(filter);
    await started.begin(1);
    const { rows } = await started.page(0, 1000);
    await started.end();
    return messages(rows);
  }

  const newRows = async (from: LogQuery): Promise<string[]> =>
    messages((await from.readNew()).flat());

  it("merges files by time, whatever clocks and writers do", async () => {
    logs.write("server-1.jsonl", entryAt(1), entryAt(5), entryAt(3), entryAt(9));
    logs.write("host-2.1.jsonl", entryAt(2), entryAt(4));
    logs.write("host-2.jsonl", entryAt(6), entryAt(1e9));
    logs.write("notes.txt", entryAt(7));
    const found = await all();
    expect(found).toEqual([1, 2, 3, 4, 5, 6, 9, 1e9].map((seconds) => `record ${seconds}`));
  });

  it("answers the newest rows, numbered from the oldest", async () => {
    const file = logs.write("a.jsonl", ...[1, 2, 3, 4, 5].map((seconds) => entryAt(seconds)));
    const started = start();
    const page = await started.begin(2);
    expect(page.from).toBe(3);
    expect(messages(page.rows)).toEqual(["record 4", "record 5"]);
    expect(page.rows[0]).toMatchObject({ path: file, offset: 3 * (toLine(entryAt(1)).length + 1) });
    expect(started.progress()).toMatchObject({ matches: 5, done: true });
    expect(messages((await started.page(1, 2)).rows)).toEqual(["record 2", "record 3"]);
    expect((await started.page(5, 10)).rows).toEqual([]);
  });

  it.each<[string, LogFilter, number[]]>([
    ["service", { services: ["host", "review"] }, [2, 3]],
    ["no service", { services: [] }, [1, 2, 3, 4]],
    ["level", { level: "warn" }, [2, 4]],
    ["since and until", { since: entryAt(2).time, until: entryAt(3).time }, [2, 3]],
    ["code", { code: "HOST_DIED" }, [2]],
    ["request", { requestId: "r3" }, [3]],
    ["request with a quote", { requestId: 'q"4' }, [4]],
    ["text, whatever its case", { text: "ÄRGER größer" }, [3]],
    ["text of plain letters", { text: "FULL of" }, [4]],
    ["text as it is shown", { text: "C:\\Users" }, [4]],
    ["text with a line end", { text: "two\nlines" }, [3]],
    ["text that stands in two lines", { text: "}\n{" }, []],
    ["all of it", { services: ["host"], level: "error", code: "HOST_DIED", text: "gone" }, [2]],
  ])("keeps only what is wanted, by %s", async (_name, filter, expected) => {
    logs.write(
      "a.jsonl",
      entryAt(1),
      entryAt(2, { service: "host", level: "error", code: "HOST_DIED", detail: "Gone" }),
      entryAt(3, { service: "review", requestId: "r3", detail: "Ärger Größer two\nlines" }),
      entryAt(4, { level: "warn", requestId: 'q"4', detail: "c:\\users is Full OF it" }),
    );
    const found = await all(filter);
    expect(found).toEqual(expected.map((seconds) => `record ${seconds}`));
  });

  it("counts lines that are no records, and keeps those around them", async () => {
    const broken = toLine(entryAt(2)).slice(0, 40);
    const path = logs.write(
      "a.jsonl",
      `\uFEFF${toLine(entryAt(1))}\r`,
      broken,
      "",
      "words",
      broken + toLine(entryAt(3)),
      '{"droppedLines":2}',
      entryAt(4),
    );
    logs.append("a.jsonl", toLine(entryAt(5)).slice(0, 60));
    logs.write("empty.jsonl");
    mkdirSync(join(logs.path, "folder.jsonl"));
    const started = start();
    const { rows } = await started.begin(10);
    expect(messages(rows)).toEqual(["record 1", "record 4"]);
    const { files } = started.progress();
    expect(files.find((file) => file.path === path)).toMatchObject({ brokenLines: 5 });
    expect(files.find((file) => file.path.endsWith("empty.jsonl"))).toMatchObject({ sizeBytes: 0 });
    expect(files.find((file) => file.path.endsWith("folder.jsonl"))?.error).toMatch(/no file/);
  });

  it("takes a last line without a line end once", async () => {
    logs.write("a.jsonl", entryAt(1));
    logs.append("a.jsonl", toLine(entryAt(2)));
    const started = start();
    expect(messages((await started.begin(10)).rows)).toEqual(["record 1", "record 2"]);
    logs.append("a.jsonl", `\n${toLine(entryAt(3))}\n`);
    expect(await newRows(started)).toEqual(["record 3"]);
  });

  it("reads lines of megabytes, shortens their texts, and gives up on longer ones", async () => {
    const long = "x".repeat(3 * 1024 * 1024);
    logs.write(
      "a.jsonl",
      entryAt(1),
      entryAt(2, { detail: long, list: [long] }),
      "y".repeat(2 * longestLine + 17),
      entryAt(3),
    );
    const started = start();
    await started.begin(10);
    const { rows } = await started.page(0, 10);
    expect(messages(rows)).toEqual(["record 1", "record 2", "record 3"]);
    expect(String(rows[1]?.record["detail"])).toMatch(/^x{2000}… \(\d+ characters more\)$/);
    expect(JSON.stringify(rows).length).toBeLessThan(10_000);
    expect(started.progress().files[0]?.brokenLines).toBe(1);
  });

  it("answers a long log from its end, before it is counted, and says how far it is", async () => {
    const lines = Array.from({ length: 40_000 }, (_, at) =>
      entryAt(at, { detail: "d".repeat(60), level: at % 10_000 === 7 ? "error" : "info" }),
    );
    logs.write("a.jsonl", ...lines.filter((_, at) => at % 2 === 0));
    logs.write("b.jsonl", ...lines.filter((_, at) => at % 2 === 1));
    const told: LogProgress[] = [];
    const started = start({}, (progress) => told.push(progress));
    const first = await started.begin(3);
    expect(first.from).toBe(-1);
    expect(messages(first.rows)).toEqual(["record 39997", "record 39998", "record 39999"]);
    expect(started.progress().done).toBe(false);
    const page = await started.page(19_999, 2);
    expect(messages(page.rows)).toEqual(["record 19999", "record 20000"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.at(-1)).toMatchObject({ matches: 40_000, done: true });
    expect(told.at(-1)?.scannedBytes).toBe(told.at(-1)?.totalBytes);
    await started.end();

    const rare = start({ level: "error" });
    expect(messages((await rare.begin(10)).rows)).toEqual([
      "record 7",
      "record 10007",
      "record 20007",
      "record 30007",
    ]);
  });

  it("says what cannot be read", async () => {
    writeFileSync(join(logs.path, "file"), "");
    const wrong = createLogQuery({ folder: join(logs.path, "file"), filter: {}, now: () => 0 });
    await expect(wrong.begin(1)).rejects.toMatchObject({ code: "LOG_UNREADABLE" });
    const none = createLogQuery({ folder: join(logs.path, "none"), filter: {}, now: () => 0 });
    expect(await none.begin(1)).toEqual({ from: 0, rows: [] });
  });

  it("still shows records of files that were removed, and says so of records that were cut off", async () => {
    const kept = logs.write("a.jsonl", entryAt(1));
    const cut = logs.write("b.jsonl", entryAt(2));
    const started = start();
    await started.begin(1);
    rmSync(kept);
    truncateSync(cut, 0);
    const { rows } = await started.page(0, 5);
    expect(messages(rows)[0]).toBe("record 1");
    expect(messages(rows)[1]).toMatch(/removed/);
  });

  it("answers nothing more once it has ended", async () => {
    logs.write("a.jsonl", entryAt(1));
    const started = start();
    await started.begin(1);
    await started.end();
    expect(await started.page(0, 1)).toEqual({ from: 0, rows: [] });
    expect(await started.readNew()).toEqual([]);
  });

  describe("followed", () => {
    let started: LogQuery;
    const line = (seconds: number): string => `${toLine(entryAt(seconds))}\n`;
    const path = (name: string): string => join(logs.path, name);

    beforeEach(async () => {
      logs.write("a.jsonl", entryAt(1));
      started = start({ text: "record" });
      await started.begin(1);
    });

    it("finds each new line once, behind those that were there", async () => {
      expect(await newRows(started)).toEqual([]);
      logs.append("a.jsonl", line(3) + line(2));
      expect(await newRows(started)).toEqual(["record 2", "record 3"]);
      expect(await newRows(started)).toEqual([]);
      expect(started.progress()).toMatchObject({ matches: 3, done: true });
      expect(messages((await started.page(0, 9)).rows)).toHaveLength(3);
    });

    it("waits for the rest of a line that is written in halves, even within a letter", async () => {
      const whole = Buffer.from(`${toLine(entryAt(2, { detail: "größer" }))}\n`);
      const middle = whole.indexOf(0xc3) + 1;
      writeFileSync(path("a.jsonl"), whole.subarray(0, middle), { flag: "a" });
      expect(await newRows(started)).toEqual([]);
      expect(started.progress().files[0]?.brokenLines).toBe(1);
      writeFileSync(path("a.jsonl"), whole.subarray(middle), { flag: "a" });
      const [rows] = await started.readNew();
      expect(rows?.[0]?.record["detail"]).toBe("größer");
      expect(started.progress().files[0]?.brokenLines).toBeUndefined();
    });

    it("loses and doubles nothing when files are moved aside, several times between two looks", async () => {
      logs.append("a.jsonl", line(2));
      renameSync(path("a.jsonl"), path("a.1.jsonl"));
      logs.append("a.jsonl", line(3));
      expect(await newRows(started)).toEqual(["record 2", "record 3"]);
      logs.append("a.jsonl", line(4));
      renameSync(path("a.jsonl"), path("a.1.jsonl"));
      logs.append("a.jsonl", line(5));
      renameSync(path("a.jsonl"), path("a.1.jsonl"));
      logs.append("a.jsonl", line(6));
      // The first of them is gone from the folder, but was held open.
      expect(await newRows(started)).toEqual(["record 4", "record 5", "record 6"]);
      expect(messages((await started.page(0, 9)).rows)).toEqual(
        [1, 2, 3, 4, 5, 6].map((seconds) => `record ${seconds}`),
      );
    });

    it("finds new files, and files that were removed and made anew", async () => {
      logs.append("b.jsonl", line(2));
      expect(await newRows(started)).toEqual(["record 2"]);
      rmSync(path("a.jsonl"));
      expect(await newRows(started)).toEqual([]);
      logs.append("a.jsonl", line(3));
      expect(await newRows(started)).toEqual(["record 3"]);
    });

    it("begins anew in a file that was emptied in place", async () => {
      logs.append("a.jsonl", line(2));
      await started.readNew();
      writeFileSync(path("a.jsonl"), line(3));
      expect(await newRows(started)).toEqual(["record 3"]);
      writeFileSync(path("a.jsonl"), `${"z".repeat(500)}\n${line(4)}`);
      expect(await newRows(started)).toEqual(["record 4"]);
    });

    it("goes on when the folder is removed and comes back", async () => {
      rmSync(logs.path, { recursive: true });
      expect(await newRows(started)).toEqual([]);
      mkdirSync(logs.path);
      logs.append("a.jsonl", line(2));
      expect(await newRows(started)).toEqual(["record 2"]);
    });

    it("looks at one thing at a time", async () => {
      logs.append("a.jsonl", line(2));
      const looks = await Promise.all([newRows(started), newRows(started), newRows(started)]);
      expect(looks).toEqual([["record 2"], [], []]);
    });
  });
});
