import { describe, expect, it } from "vitest";
import { createDownloadProgress } from "../../../server/lsp/downloadProgress.ts";
import type { ProgressPort } from "../../../server/lsp/review/progress.ts";
import type { DownloadState } from "../../../server/protocol/models.ts";
import { createManualClock } from "../../support/manualClock.ts";

function download(id: string, change: Partial<DownloadState> = {}): DownloadState {
  return {
    version: 1,
    request: {
      ...{ id, name: `Model ${id}`, force: false },
      source: { kind: "hub", repository: "o/m", revision: "main", file: "m.gguf" },
    },
    phase: "downloading",
    totalBytes: 1_000_000_000,
    receivedBytes: 250_000_000,
    bytesPerSecond: 10_000_000,
    secondsLeft: 75,
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...change,
  };
}

function setUp(options: { readonly shows?: boolean } = {}) {
  const clock = createManualClock();
  const sent: unknown[] = [];
  const cancels = new Map<string | number, () => void>();
  const paused: string[] = [];
  let listed: readonly DownloadState[] = [];
  let looks = 0;
  let created = 0;
  const port: ProgressPort = {
    create() {
      if (options.shows === false) return Promise.resolve(undefined);
      created += 1;
      return Promise.resolve(`token-${created}`);
    },
    send: (token, value) => sent.push({ token, ...value }),
    onCancel(token, cancel) {
      cancels.set(token, cancel);
      return () => cancels.delete(token);
    },
  };
  const shown = createDownloadProgress({
    port,
    clock,
    list() {
      looks += 1;
      return listed;
    },
    pause: (id) => paused.push(id),
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ...{ clock, sent, cancels, paused, shown, settled },
    looks: () => looks,
    setListed: (states: readonly DownloadState[]) => (listed = states),
  };
}

describe("the progress of downloads", () => {
  it("is shown from begin to end, with share, rate and time left", async () => {
    const { shown, sent, settled, clock } = setUp();
    shown.update([download("a")]);
    await settled();
    clock.advance(1000);
    shown.update([download("a", { receivedBytes: 500_000_000, secondsLeft: 50 })]);
    shown.update([download("a", { phase: "done", receivedBytes: 1_000_000_000 })]);
    expect(sent).toMatchObject([
      { token: "token-1", kind: "begin", title: "Downloading Model a", percentage: 25 },
      { kind: "report", percentage: 50 },
      { kind: "end", message: expect.stringContaining("done") as string },
    ]);
    expect((sent[1] as { message: string }).message).toMatch(/MB\/s.*50 s left/);
    expect(shown.running).toBe(0);
  });

  it("is reported at most twice a second, and the last word is not lost", async () => {
    const { shown, sent, settled, clock } = setUp();
    shown.update([download("a")]);
    await settled();
    for (let tick = 1; tick <= 20; tick += 1) {
      clock.advance(50);
      shown.update([download("a", { receivedBytes: 250_000_000 + tick * 20_000_000 })]);
    }
    clock.advance(500);
    const reports = sent.filter((value) => (value as { kind: string }).kind === "report");
    expect(reports).toHaveLength(3);
    expect(reports.at(-1)).toMatchObject({ percentage: 65 });
  });

  it("asks for a pause when the client cancels it", async () => {
    const { shown, paused, cancels, settled } = setUp();
    shown.update([download("a"), download("b")]);
    await settled();
    cancels.get("token-2")?.();
    expect(paused).toEqual(["b"]);
  });

  it("ends where the downloader was killed and says nothing any more", async () => {
    const { shown, sent, settled, clock, setListed, looks } = setUp();
    shown.update([download("a")]);
    await settled();
    setListed([download("a", { phase: "failed" })]);
    clock.advance(5000);
    expect(sent.at(-1)).toMatchObject({
      kind: "end",
      message: expect.stringContaining("stopped") as string,
    });
    const before = looks();
    clock.advance(600_000);
    expect(looks()).toBe(before);
  });

  it("asks the client for nothing while nothing is downloaded, and runs no timer", async () => {
    const { shown, sent, settled, clock, looks } = setUp();
    shown.update([download("a", { phase: "paused" }), download("b", { phase: "done" })]);
    await settled();
    clock.advance(600_000);
    expect(sent).toEqual([]);
    expect(looks()).toBe(0);
  });

  it("tells a client nothing that shows no progress", async () => {
    const { shown, sent, settled, clock } = setUp({ shows: false });
    shown.update([download("a")]);
    await settled();
    clock.advance(1000);
    shown.update([download("a", { receivedBytes: 500_000_000 })]);
    shown.update([download("a", { phase: "done" })]);
    expect(sent).toEqual([]);
  });

  it("ends what began when the server ends, also while the client is still being asked", async () => {
    const { shown, sent, settled } = setUp();
    shown.update([download("a")]);
    await settled();
    shown.update([download("a"), download("b")]);
    shown.dispose();
    await settled();
    const kinds = sent.map((value) => (value as { kind: string }).kind);
    expect(kinds).toEqual(["begin", "end", "begin", "end"]);
  });
});
