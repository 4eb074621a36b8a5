import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followLogs } from "../../../server/logs/read/followLogs.ts";
import { createTestLogs, type TestLogs } from "../../support/logFolder.ts";

describe("following a folder", () => {
  let logs: TestLogs;
  let end: (() => void) | undefined;
  /** Settles with the next look. */
  let looked: () => Promise<void>;
  let looks: (() => void)[];
  let reading: number;
  let most: number;

  beforeEach(() => {
    logs = createTestLogs();
    looks = [];
    reading = most = 0;
    looked = () => new Promise((resolve) => looks.push(resolve));
  });
  afterEach(() => {
    end?.();
    logs.remove();
  });

  function follow(folder: string, pollMs: number, read: () => Promise<void>): void {
    end = followLogs({
      folder,
      pollMs,
      gatherMs: 5,
      read: async () => {
        reading += 1;
        most = Math.max(most, reading);
        await read().finally(() => {
          reading -= 1;
          looks.splice(0).forEach((resolve) => resolve());
        });
      },
    });
  }

  it("looks at once, and again when something is written", async () => {
    const first = looked();
    follow(logs.path, 1e8, () => Promise.resolve());
    await first;
    const next = looked();
    logs.append("a.jsonl", "x");
    await next;
  });

  it("looks by the clock at a folder that does not exist yet, and goes on after a failure", async () => {
    const folder = join(logs.path, "later");
    follow(folder, 20, () => Promise.reject(new Error("not yet")));
    await looked();
    await looked();
    mkdirSync(folder);
    appendFileSync(join(folder, "a.jsonl"), "x");
    await looked();
  });

  it("never looks twice at the same time, and not after its end", async () => {
    let finish = (): void => undefined;
    follow(logs.path, 5, () => new Promise((resolve) => (finish = resolve)));
    for (let round = 0; round < 5; round += 1) {
      logs.append("a.jsonl", "x");
      await vi.waitFor(() => expect(reading).toBe(1));
      const next = looked();
      finish();
      await next;
    }
    expect(most).toBe(1);
    end?.();
    const before = reading;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(reading).toBe(before);
  });
});
