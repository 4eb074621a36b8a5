import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askDownload } from "../../server/models/download/askDownload.ts";
import { downloadModel } from "../../server/models/download/download.ts";
import { placesOf } from "../../server/models/download/places.ts";
import {
  listDownloads,
  resumableDownloads,
  watchDownloads,
} from "../../server/models/download/states.ts";
import type { DownloadRequest, DownloadState } from "../../server/protocol/models.ts";
import { bytesOf, startLoopbackHub, type LoopbackHub } from "../support/loopbackHub.ts";
import { smallGguf } from "../support/smallGguf.ts";

const content = smallGguf({ weights: 3_000_000 });
const script = fileURLToPath(new URL("../../dist/download.mjs", import.meta.url));
const request: DownloadRequest = {
  id: "slow",
  name: "Slow",
  source: { kind: "hub", repository: "a/slow-GGUF", revision: "main", file: "slow.Q8_0.gguf" },
  force: false,
};

describe("downloads in processes of their own", () => {
  let hub: LoopbackHub;
  let homePath: string;
  const before = process.env["HF_ENDPOINT"];
  beforeEach(async () => {
    hub = await startLoopbackHub({ content: bytesOf(content) });
    process.env["HF_ENDPOINT"] = hub.url;
    homePath = mkdtempSync(join(tmpdir(), "starcoder-test-"));
  });
  afterEach(async () => {
    const { pid } = listDownloads(homePath)[0] ?? {};
    if (pid !== undefined) kill(pid, "SIGKILL");
    if (before === undefined) delete process.env["HF_ENDPOINT"];
    else process.env["HF_ENDPOINT"] = before;
    await hub.stop();
    // A process that has just ended its work may still write its last lines.
    await vi.waitFor(
      () => {
        rmSync(homePath, { recursive: true, force: true });
      },
      { timeout: 10_000 },
    );
  });

  /** Starts, or follows; `seen` settles when so many bytes are there. */
  function start(home = homePath, abort = new AbortController()) {
    const states: DownloadState[] = [];
    const waiting = new Set<() => void>();
    const done = downloadModel({
      ...{ homePath: home, script, request, connections: 2, signal: abort.signal },
      onState: (state) => {
        states.push(state);
        for (const look of waiting) look();
      },
    });
    done.catch(() => undefined);
    const seen = (bytes: number) =>
      new Promise<DownloadState>((resolve) => {
        const look = () => {
          const last = states.at(-1);
          if (last?.phase === "downloading" && last.receivedBytes >= bytes) resolve(last);
        };
        waiting.add(look);
        look();
      });
    return { states, done, seen, abort };
  }

  const slow = (bytesPerSecond = 1_500_000) =>
    hub.fault("/cdn/", { kind: "slow", bytesPerSecond, after: 1 });
  const file = (home = homePath) => join(home, "models", "slow.Q8_0.gguf");
  const isWhole = () => readFileSync(file()).equals(content);

  it("goes on after SIGKILL with what is on the disk", async () => {
    slow();
    const { done, seen, states } = start();
    const { pid = 0 } = await seen(4_000_000);
    kill(pid, "SIGKILL");
    hub.clearFaults();
    expect((await done).phase).toBe("done");
    expect(isWhole()).toBe(true);
    expect(new Set(states.map((state) => state.pid)).size).toBe(2);
    const sent = hub.requests.reduce((sum, entry) => sum + entry.sentBytes, 0);
    expect(sent).toBeLessThan(content.length * 1.9);
  });

  it("is one for two windows, and either one's end does not end it", async () => {
    slow();
    const first = start();
    const { pid } = await first.seen(500_000);
    const second = start();
    await second.seen(600_000);
    second.abort.abort();
    expect((await second.done).phase).toBe("downloading");
    const third = start();
    hub.clearFaults();
    const ends = await Promise.all([first.done, third.done]);
    expect(ends.map((state) => [state.phase, state.pid])).toEqual([
      ["done", pid],
      ["done", pid],
    ]);
  });

  it("starts one process when two windows begin in the same moment", async () => {
    const both = [start(), start()];
    const ends = await Promise.all(both.map(({ done }) => done));
    expect(ends.map(({ phase }) => phase)).toEqual(["done", "done"]);
    expect(isWhole()).toBe(true);
    const pids = new Set(both.flatMap(({ states }) => states.map(({ pid }) => pid)));
    expect(pids.size).toBe(1);
  });

  it("pauses, goes on and is cancelled when another process asks, and all windows hear it", async () => {
    slow(300_000);
    const heard: string[] = [];
    const unwatch = watchDownloads(homePath, (states) => {
      heard.push(states[0]?.phase ?? "");
    });
    const first = start();
    await first.seen(500_000);
    expect((await askDownload(homePath, request.id, "pause"))?.phase).toBe("paused");
    expect((await first.done).phase).toBe("paused");
    expect(resumableDownloads(homePath)).toEqual([]);
    expect(statSync(placesOf(homePath, request.id).part(0).bytes).size).toBeGreaterThan(0);
    await askDownload(homePath, request.id, "resume");
    expect(resumableDownloads(homePath).map((state) => state.request.id)).toEqual(["slow"]);
    const second = start();
    await second.seen(500_000);
    expect((await askDownload(homePath, request.id, "cancel"))?.phase).toBe("cancelled");
    expect((await second.done).phase).toBe("cancelled");
    expect(existsSync(placesOf(homePath, request.id).part(0).bytes)).toBe(false);
    expect(listDownloads(homePath)).toEqual([]);
    await expect.poll(() => heard).toContain("cancelled");
    expect(heard).toContain("paused");
    unwatch();
  });

  it("keeps its bytes at SIGTERM and is found again at the next start", async () => {
    slow(300_000);
    const { done, seen } = start();
    const { pid = 0 } = await seen(400_000);
    kill(pid, "SIGTERM");
    expect(await done).toMatchObject({ phase: "paused" });
    const [left] = resumableDownloads(homePath);
    expect(left?.receivedBytes).toBeGreaterThanOrEqual(400_000);
  });

  it.runIf(process.getuid?.() === 0 && process.platform === "linux")(
    "says that the disk is full, and goes on when there is room",
    async () => {
      const mount = join(homePath, "models");
      mkdirSync(mount);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=90m", "tmpfs", mount]);
      try {
        slow(300_000);
        const { seen } = start();
        await seen(400_000);
        execFileSync("dd", ["if=/dev/zero", `of=${mount}/other`, "bs=1M", "count=200"], {
          stdio: "ignore",
        });
      } catch {
        // dd fails when the disk is full, as it should.
      }
      try {
        await expect
          .poll(() => listDownloads(homePath)[0]?.error?.code, { timeout: 10_000 })
          .toBe("DISK_FULL");
        expect(existsSync(placesOf(homePath, request.id).part(0).bytes)).toBe(true);
        rmSync(join(mount, "other"));
        hub.clearFaults();
        expect((await start().done).phase).toBe("done");
        expect(isWhole()).toBe(true);
      } finally {
        execFileSync("umount", ["-l", mount]);
      }
    },
  );

  it.runIf(process.getuid?.() === 0 && process.platform === "linux")(
    "says that a read-only folder cannot be written",
    async () => {
      const mount = join(homePath, "models");
      mkdirSync(mount);
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", mount]);
      try {
        await expect(start().done).rejects.toMatchObject({ code: "HOME_NOT_WRITABLE" });
      } finally {
        execFileSync("umount", ["-l", mount]);
      }
    },
  );
});

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
