import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileBytesWithin, sweepLogs } from "../../../server/logs/rotate.ts";

const megabyte = 1024 * 1024;

describe("the logs of all processes", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-sweep-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** @param age in seconds */
  function put(name: string, bytes: number, age: number): void {
    writeFileSync(join(folder, name), "x".repeat(bytes));
    utimesSync(join(folder, name), 1_700_000_000 - age, 1_700_000_000 - age);
  }
  const sweep = (maxTotalBytes: number, living: readonly number[] = []) =>
    sweepLogs(folder, {
      ...{ keep: join(folder, "server-1.jsonl"), maxTotalBytes },
      isAlive: (pid) => living.includes(pid),
    });

  it("lose the oldest files first until they fit", () => {
    for (let pid = 10; pid < 20; pid += 1) put(`cli-${pid}.jsonl`, 1000, pid);
    sweep(5000);
    expect(readdirSync(folder)).toEqual([10, 11, 12, 13].map((pid) => `cli-${pid}.jsonl`));
  });

  it("never lose the file that a living process writes", () => {
    put("server-1.jsonl", 4000, 900);
    put("host-7.jsonl", 4000, 800);
    put("host-7.1.jsonl", 4000, 700);
    put("server-8.jsonl", 4000, 1);
    expect(sweep(1000, [7])).toEqual({ living: 2 });
    expect(readdirSync(folder).sort()).toEqual(["host-7.jsonl", "server-1.jsonl"]);
  });

  it("do not pile up, however small they are", () => {
    for (let pid = 100; pid < 300; pid += 1) put(`cli-${pid}.jsonl`, 1, pid);
    sweep(50 * megabyte);
    expect(readdirSync(folder).length).toBeLessThanOrEqual(60);
    expect(readdirSync(folder)).toContain("cli-100.jsonl");
  });

  it("leave other files alone", () => {
    put("host-abc.log", 5000, 900);
    put("notes.txt", 5000, 900);
    sweep(100);
    expect(readdirSync(folder).sort()).toEqual(["host-abc.log", "notes.txt"]);
  });

  it("cannot be swept where there is no folder, which harms nobody", () => {
    expect(sweepLogs(join(folder, "gone"), { keep: "", maxTotalBytes: 1 })).toEqual({ living: 0 });
  });

  it.each([
    [50 * megabyte, 1],
    [50 * megabyte, 10],
    [megabyte, 2],
    [10_000 * megabyte, 3],
  ])("in %i bytes leave each of %i processes two files that fit together", (total, living) => {
    expect(fileBytesWithin(total, living) * 2 * living).toBeLessThanOrEqual(total);
    expect(fileBytesWithin(total, living)).toBeGreaterThan(60_000);
  });
});
