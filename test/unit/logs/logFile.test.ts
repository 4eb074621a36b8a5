import { EventEmitter } from "node:events";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogFile, type LogFileOptions } from "../../../server/logs/logFile.ts";
import { createLogger, type LogSink } from "../../../server/logs/logger.ts";
import { logRecordSchema } from "../../../server/protocol/logs.ts";

const megabyte = 1024 * 1024;

describe("the log file", () => {
  let folder: string;
  const files: { close(): void }[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-logs-"));
  });
  afterEach(() => {
    for (const file of files.splice(0)) file.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(more: Partial<LogFileOptions> = {}) {
    const options = { folder, name: `server-${process.pid}`, maxTotalBytes: () => 50 * megabyte };
    const file = createLogFile({ ...options, gatherMs: 1_000_000, ...more });
    files.push(file);
    return file;
  }
  const loggerTo = (sink: LogSink) =>
    createLogger({
      ...{ service: "server", sinks: [sink] },
      ...{ level: () => "debug", now: () => new Date(0) },
    });
  const lines = (path: string) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => logRecordSchema.parse(JSON.parse(line)));
  const messages = (path: string) => lines(path).map(({ message }) => message);

  it("holds one JSON line a record, in order and in the form of the protocol", () => {
    const file = open();
    const logger = loggerTo(file);
    logger.info("first", { durationMs: 3 });
    logger.for("completion").warn("second", { code: "TIMEOUT_ERROR", requestId: undefined });
    file.flush();
    const time = "1970-01-01T00:00:00.000Z";
    const { pid } = process;
    expect(lines(file.path)).toEqual([
      { time, level: "info", service: "server", message: "first", pid, durationMs: 3 },
      {
        ...{ time, level: "warn", service: "completion" },
        ...{ message: "second", pid, code: "TIMEOUT_ERROR" },
      },
    ]);
  });

  it("keeps the record's own names when a field has one of them", () => {
    const file = open();
    loggerTo(file).info("said", { level: "shout", message: "other", pid: 1, time: "never" });
    file.flush();
    expect(lines(file.path)).toMatchObject([{ level: "info", message: "said", pid: process.pid }]);
    expect(readFileSync(file.path, "utf8").match(/"level"/g)).toHaveLength(1);
  });

  it("is not there before something was said", () => {
    const file = open({ folder: join(folder, "logs") });
    file.flush();
    expect(readdirSync(folder)).toEqual([]);
    loggerTo(file).info("said");
    file.flush();
    expect(messages(file.path)).toEqual(["said"]);
  });

  it("is private to the user", () => {
    const file = open();
    loggerTo(file).info("said");
    if (process.platform !== "win32") expect(statSync(file.path).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("writes gathered lines by itself", async () => {
    const file = open({ gatherMs: 1 });
    loggerTo(file).info("said");
    await expect.poll(() => readFileSync(file.path, "utf8")).toContain("said");
  });

  it("is moved aside when it is full, so that two files of a process are all there ever is", () => {
    const file = open({ maxTotalBytes: () => megabyte });
    const logger = loggerTo(file);
    const detail = "x".repeat(1000);
    for (let count = 0; count < 1500; count += 1) logger.info("one more", { count, detail });
    file.flush();
    const name = `server-${process.pid}`;
    expect(readdirSync(folder).sort()).toEqual([`${name}.1.jsonl`, `${name}.jsonl`]);
    expect(statSync(file.path).size).toBeLessThanOrEqual(megabyte / 5);
    const kept = [...lines(join(folder, `${name}.1.jsonl`)), ...lines(file.path)];
    const counts = kept.map((record) => record["count"]);
    expect(counts).toEqual(counts.map((_, index) => 1500 - counts.length + index));
  });

  it("goes on in a new file when its own is deleted or its folder is", () => {
    const file = open({ folder: join(folder, "logs") });
    const logger = loggerTo(file);
    logger.info("first");
    file.flush();
    rmSync(file.path);
    logger.info("second");
    file.flush();
    expect(messages(file.path)).toEqual(["second"]);
    rmSync(join(folder, "logs"), { recursive: true });
    logger.info("third");
    file.flush();
    expect(messages(file.path)).toEqual(["third"]);
  });

  it("lets two processes write side by side", () => {
    const [one, other] = [open(), open({ name: `host-${process.pid}` })];
    for (let count = 0; count < 100; count += 1) {
      loggerTo(one).info("one", { count });
      loggerTo(other).info("other", { count });
    }
    one.flush();
    other.flush();
    expect([lines(one.path).length, lines(other.path).length]).toEqual([100, 100]);
  });

  it.runIf(process.platform === "linux")("does not mind a disk that is full to the end", () => {
    const file = open();
    symlinkSync("/dev/full", file.path);
    const logger = loggerTo(file);
    for (let count = 0; count < 2000; count += 1) logger.info("x".repeat(500));
    file.flush();
    file.close();
    rmSync(file.path);
    logger.info("too late");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says how many lines a full disk did not take, in the next that it takes", () => {
    const disk = createDisk();
    const file = open({ open: disk.open });
    const logger = loggerTo(file);
    disk.full = true;
    for (const name of ["lost", "lost too"]) logger.info(name);
    disk.full = false;
    logger.info("kept");
    const kept = disk.text
      .trimEnd()
      .split("\n")
      .map((line) => logRecordSchema.parse(JSON.parse(line)));
    expect(kept).toMatchObject([
      { level: "warn", message: "log lines could not be written", droppedLines: 2 },
      { message: "kept" },
    ]);
  });

  it("counts what is said while the folder cannot be used, and writes again later", () => {
    let now = 0;
    const place = join(folder, "logs");
    writeFileSync(place, "no folder");
    const file = open({ folder: place, monotonic: () => now });
    const logger = loggerTo(file);
    for (const name of ["lost", "lost too", "lost as well"]) logger.error(name);
    rmSync(place);
    logger.error("too soon to try again");
    now += 10_000;
    logger.error("kept");
    file.flush();
    expect(lines(file.path)).toMatchObject([{ droppedLines: 4 }, { message: "kept" }]);
  });

  it("holds what was said last when the process ends, and nothing later", () => {
    const file = open();
    const logger = loggerTo(file);
    logger.info("last words");
    file.close();
    logger.info("too late");
    expect(messages(file.path)).toEqual(["last words"]);
  });
});

/** A disk in memory that can be full. */
function createDisk() {
  const disk = {
    full: false,
    text: "",
    open: () => {
      const events = new EventEmitter();
      return Object.assign(events, {
        write(line: string) {
          if (disk.full) events.emit("drop", line);
          else disk.text += line;
          if (!disk.full) events.emit("write", Buffer.byteLength(line));
          return true;
        },
        flush: () => undefined,
        reopen: () => undefined,
        end: () => undefined,
      });
    },
  };
  return disk;
}
