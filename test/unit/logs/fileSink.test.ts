import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileSink } from "../../../server/logs/fileSink.ts";
import { createLogger, type LogLevel, type LogSink } from "../../../server/logs/logger.ts";

describe("the log file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-logs-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const loggerTo = (sink: LogSink, level: LogLevel = "debug") =>
    createLogger({ service: "server", sinks: [sink], level: () => level, now: () => new Date(0) });
  const lines = (path: string) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("holds one JSON line a record, in order", async () => {
    const sink = createFileSink({ folder, name: "a" });
    const logger = loggerTo(sink);
    logger.info("first", { durationMs: 3 });
    logger.for("completion").warn("second", { code: "TIMEOUT_ERROR", requestId: undefined });
    await sink.flush();
    expect(lines(sink.path)).toEqual([
      {
        time: "1970-01-01T00:00:00.000Z",
        level: "info",
        service: "server",
        message: "first",
        durationMs: 3,
      },
      {
        time: "1970-01-01T00:00:00.000Z",
        level: "warn",
        service: "completion",
        message: "second",
        code: "TIMEOUT_ERROR",
      },
    ]);
  });

  it.each([
    ["off", []],
    ["error", ["error"]],
    ["info", ["error", "warn", "info"]],
    ["debug", ["error", "warn", "info", "debug"]],
  ] as const)("at level %s holds %j", async (level, expected) => {
    const written: string[] = [];
    const logger = loggerTo({ write: (record) => written.push(record.level) }, level);
    for (const name of ["error", "warn", "info", "debug"] as const) logger[name]("said");
    await Promise.resolve();
    expect(written).toEqual(expected);
  });

  it("is moved aside when it is full, so that two files are all there ever is", async () => {
    const sink = createFileSink({ folder, name: "a", maxBytes: 500 });
    const logger = loggerTo(sink);
    for (let count = 0; count < 50; count += 1) {
      logger.info("one more line", { count });
      await sink.flush();
    }
    expect(readdirSync(folder).sort()).toEqual(["a.1.jsonl", "a.jsonl"]);
    expect(statSync(sink.path).size).toBeLessThanOrEqual(500);
    expect(lines(sink.path).at(-1)).toMatchObject({ count: 49 });
  });

  it("loses what a full disk does not take, goes on later and says how much is missing", async () => {
    let full = true;
    const append = (path: string, text: string) =>
      full ? Promise.reject(new Error("ENOSPC")) : appendFile(path, text);
    const sink = createFileSink({ folder, name: "a", append });
    const logger = loggerTo(sink);
    logger.info("lost");
    logger.info("lost too");
    await sink.flush();
    full = false;
    logger.info("kept");
    await sink.flush();
    const kept = lines(sink.path);
    expect(kept.map(({ message }) => message)).toContain("kept");
    expect(kept.map(({ message }) => message)).not.toContain("lost");
    expect(kept.find(({ droppedLines }) => droppedLines !== undefined)).toEqual({
      droppedLines: 2,
    });
  });

  it("keeps only the newest files of other processes", async () => {
    for (let pid = 0; pid < 30; pid += 1) writeFileSync(join(folder, `old-${pid}.jsonl`), "{}\n");
    const sink = createFileSink({ folder, name: "a", maxFiles: 5 });
    loggerTo(sink).info("first");
    await sink.flush();
    expect(readdirSync(folder).length).toBeLessThanOrEqual(6);
  });

  it("holds what was said last when the process ends", () => {
    const sink = createFileSink({ folder, name: "a", append: () => new Promise(() => undefined) });
    const logger = loggerTo(sink);
    logger.info("being written");
    logger.info("last words");
    sink.close();
    expect(lines(sink.path).map(({ message }) => message)).toContain("last words");
  });
});
