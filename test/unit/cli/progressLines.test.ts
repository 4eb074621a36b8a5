import { describe, expect, it } from "vitest";
import {
  createProgressLines,
  type ProgressOptions,
} from "../../../server/cli/models/progressLines.ts";
import type { DownloadState } from "../../../server/protocol/models.ts";

function set(kind: ProgressOptions["kind"], columns = 80) {
  let now = 0;
  let text = "";
  const lines = createProgressLines({
    kind,
    write: (piece) => (text += piece),
    now: () => now,
    width: () => columns,
  });
  return {
    lines,
    written: () => text,
    pass: (ms: number) => (now += ms),
  };
}

function state(receivedBytes: number, changes: Partial<DownloadState> = {}): DownloadState {
  const source = { kind: "url", url: "https://example.org/a.gguf" } as const;
  return {
    ...{ version: 1, phase: "downloading", totalBytes: 1000, receivedBytes },
    request: { id: "a", name: "Model A", source, force: false },
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...changes,
  };
}

describe("the progress of a download", () => {
  it("is one line of a terminal, rewritten, without rests of a longer one", () => {
    const { lines, written } = set("rewritten");
    lines.show(state(100, { bytesPerSecond: 50, secondsLeft: 18 }));
    lines.show(state(1000, { phase: "verifying" }));
    lines.end();
    const [, first = "", second = ""] = written().split("\r");
    expect(first).toContain("10%  Model A: 100 B of 1.0 KB, 50 B/s, 18 s left");
    expect(second.trimEnd()).toMatch(/^100% {2}Model A: comparing/);
    expect(second.trimEnd().length).toBeLessThanOrEqual(79);
    expect(written().endsWith("\n")).toBe(true);
    expect(second.length - 1).toBeGreaterThanOrEqual(first.length);
  });

  it("never wraps in a narrow terminal", () => {
    const { lines, written } = set("rewritten", 30);
    lines.show(state(100, { bytesPerSecond: 50, secondsLeft: 18 }));
    expect(written().length).toBeLessThanOrEqual(30);
  });

  it("is a line a tenth in a log, and one a quarter of a minute where it is slow", () => {
    const { lines, written, pass } = set("lines");
    for (let bytes = 0; bytes <= 1000; bytes += 10) lines.show(state(bytes));
    expect(written().split("\n")).toHaveLength(11 + 1);
    pass(15_000);
    lines.show(state(1000));
    lines.show(state(1000));
    expect(written().split("\n")).toHaveLength(12 + 1);
  });

  it("is a document a line for programs", () => {
    const { lines, written } = set("state");
    lines.show(state(1));
    lines.show(state(1000, { phase: "done" }));
    const documents = written()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as DownloadState);
    expect(documents.map(({ phase }) => phase)).toEqual(["downloading", "done"]);
  });

  it("lets no name move the cursor", () => {
    const { lines, written } = set("lines");
    const source = { kind: "url", url: "https://example.org/a.gguf" } as const;
    lines.show(state(1, { request: { id: "a", name: "A\u001b[2J", source, force: false } }));
    expect(written()).not.toContain("\u001b");
  });
});
