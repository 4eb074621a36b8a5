import { describe, expect, it } from "vitest";
import { toMarkdown } from "../../../media/logs/analysisText.ts";
import {
  detailsOf,
  fileName,
  formatRowTime,
  otherFields,
  shortId,
  toJsonLines,
} from "../../../media/logs/recordText.ts";
import type { LogAnalysis, LogEntry } from "../../../server/protocol/logs.ts";
import { rowOf } from "../../support/fakeLogReader.ts";

const record: LogEntry = {
  time: "2026-11-24T12:00:00.005Z",
  level: "error",
  service: "host",
  message: "it failed",
  code: "TIMEOUT_ERROR",
};

describe("a record as text", () => {
  it("has the day before its time unless it is today's", () => {
    const at = new Date(2026, 10, 24, 9, 5, 7, 42);
    expect(formatRowTime(at.toISOString(), new Date(2026, 10, 24, 23))).toBe("09:05:07.042");
    expect(formatRowTime(at.toISOString(), new Date(2026, 10, 25))).toBe("11-24 09:05:07.042");
    expect(formatRowTime(at.toISOString(), new Date(2027, 0, 1))).toBe("2026-11-24 09:05:07.042");
    expect(formatRowTime("yesterday", new Date())).toBe("yesterday");
  });

  it("names the fields that have no place of their own, in one line and not too long", () => {
    const text = otherFields({ ...record, slot: 2, note: "a\nb", long: "x".repeat(500) });
    expect(text).toMatch(/^slot=2 note=a b long=x{119}…$/);
  });

  it("shows a stack as lines, and everything else as JSON", () => {
    const { json, stack } = detailsOf({ ...record, stack: "Error: x\n    at y" });
    expect(stack).toBe("Error: x\n    at y");
    expect(JSON.parse(json)).toEqual(record);
    expect(detailsOf({ ...record, stack: 5 }).json).toContain('"stack": 5');
  });

  it("is copied as a line of the file", () => {
    const lines = toJsonLines([rowOf(1), rowOf(2)]).split("\n");
    expect(
      lines.map((line) => (line === "" ? "" : (JSON.parse(line) as LogEntry).message)),
    ).toEqual(["record 1", "record 2", ""]);
  });

  it("shortens long ids at their front and paths to their file", () => {
    expect(shortId("abc")).toBe("abc");
    expect(shortId("0123456789abcdefghij")).toBe("…abcdefghij");
    expect(fileName("/a/b.jsonl")).toBe("b.jsonl");
    expect(fileName("C:\\a\\b.jsonl")).toBe("b.jsonl");
  });
});

describe("an analysis as Markdown", () => {
  it("has a table for each part that has something, with bars and line ends kept out", () => {
    const analysis: LogAnalysis = {
      from: "2026-11-24T12:00:00.000Z",
      to: "2026-11-24T13:00:00.000Z",
      records: 2,
      brokenLines: 1,
      files: [{ path: "/logs/host-1.jsonl", sizeBytes: 2048, error: "EACCES" }],
      levels: { error: 1, info: 1 },
      services: { host: 2 },
      errors: [
        {
          code: "TIMEOUT_ERROR",
          message: "a | b\nc",
          count: 1,
          firstTime: "t1",
          lastTime: "t2",
          services: ["host"],
          remedy: "Try again.",
        },
      ],
      latency: { host: { count: 2, p50: 1, p90: 2, p95: 3, p99: 4, max: 5 } },
      slowest: [],
      mostTokens: [],
      restarts: [],
      patterns: [],
      timeline: { stepMs: 1000, steps: [] },
    };
    const text = toMarkdown(analysis);
    expect(text).toContain("| 1 | TIMEOUT_ERROR | a \\| b c | t2 | Try again. |");
    expect(text).toContain("| host | 2 | 1 ms | 2 ms | 3 ms | 4 ms | 5 ms |");
    expect(text).toContain("| host-1.jsonl | 2.0 KB | 0 | EACCES |");
    expect(text).not.toContain("## Restarts");
  });
});
