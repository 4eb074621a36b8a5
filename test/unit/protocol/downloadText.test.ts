import { describe, expect, it } from "vitest";
import {
  describeDownload,
  downloadedShare,
  formatSeconds,
  isRunning,
  isUnfinished,
} from "../../../server/protocol/downloadText.ts";
import { downloadStateSchema, type DownloadState } from "../../../server/protocol/models.ts";

const received = { receivedBytes: 812e6, totalBytes: 1.9e9 };

function state(phase: DownloadState["phase"], rest: Partial<DownloadState> = {}): DownloadState {
  return downloadStateSchema.parse({
    version: 1,
    request: { id: "a-model", name: "A Model", source: { kind: "bundled" } },
    phase,
    receivedBytes: 0,
    updatedAt: "2030-01-01T00:00:00.000Z",
    ...rest,
  });
}

describe("a download in words", () => {
  it.each<[DownloadState["phase"], Partial<DownloadState>, string]>([
    ["waiting", {}, "waiting"],
    ["waiting", { ...received, retryInSeconds: 8 }, "812 MB of 1.9 GB, trying again in 8 s"],
    ["checking", {}, "asking the hub for size and contents"],
    ["checking", { tries: { next: 2, most: 4 } }, "asking the hub again (2 of 4)"],
    ["downloading", { receivedBytes: 5e6 }, "5.0 MB"],
    [
      "downloading",
      { ...received, bytesPerSecond: 12e6, secondsLeft: 90 },
      "812 MB of 1.9 GB, 12.0 MB/s, 1 min 30 s left",
    ],
    ["verifying", received, "comparing 1.9 GB with the hub's hash"],
    ["paused", received, "paused at 812 MB of 1.9 GB"],
    ["failed", received, "stopped at 812 MB of 1.9 GB"],
    ["cancelled", received, "cancelled"],
    ["done", { receivedBytes: 1.9e9, totalBytes: 1.9e9 }, "done, 1.9 GB"],
  ])("%s with %o is “%s”", (phase, rest, text) => {
    expect(describeDownload(state(phase, rest))).toBe(text);
  });

  it("names the code of what stopped it, and says in words what it waits for", () => {
    const error = { code: "HUB_GATED", message: "No.", remedy: "Ask.", retryable: false } as const;
    expect(describeDownload(state("failed", { ...received, error }))).toContain("(HUB_GATED)");
    expect(describeDownload(state("waiting", { ...received, error, retryInSeconds: 8 }))).toBe(
      "812 MB of 1.9 GB. Access to this model has to be requested; trying again in 8 s",
    );
    const unreachable = { ...error, code: "HUB_UNREACHABLE" } as const;
    const tries = { next: 2, most: 4 };
    expect(
      describeDownload(state("waiting", { error: unreachable, retryInSeconds: 5, tries })),
    ).toBe("The model hub cannot be reached; trying again in 5 s (2 of 4)");
  });

  it("knows its share only with its size, and never more than all of it", () => {
    expect(downloadedShare(state("downloading", { receivedBytes: 5 }))).toBeUndefined();
    expect(downloadedShare(state("downloading", { receivedBytes: 5, totalBytes: 0 }))).toBe(
      undefined,
    );
    expect(downloadedShare(state("downloading", { receivedBytes: 5, totalBytes: 20 }))).toBe(0.25);
    expect(downloadedShare(state("downloading", { receivedBytes: 50, totalBytes: 20 }))).toBe(1);
  });

  it("tells what goes on by itself from what can go on", () => {
    expect(isRunning(state("verifying"))).toBe(true);
    expect(isRunning(state("paused"))).toBe(false);
    expect(isUnfinished(state("paused"))).toBe(true);
    expect(isUnfinished(state("failed"))).toBe(true);
    expect(isUnfinished(state("done"))).toBe(false);
    expect(isUnfinished(state("cancelled"))).toBe(false);
  });
});

describe("time left", () => {
  it.each([
    [0.2, "0 s"],
    [45, "45 s"],
    [60, "1 min"],
    [90, "1 min 30 s"],
    [725, "12 min"],
    [3600, "1 h"],
    [7500, "2 h 5 min"],
    [7190, "2 h"],
  ])("of %d seconds is “%s”", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
