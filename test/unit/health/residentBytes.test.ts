import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { residentBytesOf } from "../../../server/health/snapshot/residentBytes.ts";

describe("the memory of a process", () => {
  it("is told of this one and of others", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"]);
    onTestFinished(() => void other.kill());
    await once(other.stdout, "data");
    expect(await residentBytesOf(process.pid)).toBeGreaterThan(10_000_000);
    expect(await residentBytesOf(other.pid ?? 0)).toBeGreaterThan(10_000_000);
  });

  it("is not known of one that does not run, nor where no tool tells", async () => {
    expect(await residentBytesOf(2_000_000_000)).toBeUndefined();
    expect(await residentBytesOf(2_000_000_000, "darwin")).toBeUndefined();
    expect(await residentBytesOf(1, "win32")).toBeUndefined();
  });
});
