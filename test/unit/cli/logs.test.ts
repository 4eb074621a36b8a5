import { describe, expect, it } from "vitest";
import { describeAnalysis } from "../../../server/cli/logs/describeAnalysis.ts";
import { describeEntry } from "../../../server/cli/logs/describeEntry.ts";
import { toLines, toLogFilter, type LogFlags } from "../../../server/cli/logs/logFlags.ts";
import { UsageError } from "../../../server/cli/outcome.ts";
import { entryAt } from "../../support/logFolder.ts";

const now = new Date("2026-03-04T12:00:00.000Z");

describe("the flags of logs", () => {
  it("become a filter", () => {
    const flags: LogFlags = {
      service: ["host,review", "server"],
      level: "warn",
      since: "90m",
      until: "2026-03-04T12:30:00+01:00",
      grep: "Gone",
      code: "host_died",
      request: "r1",
    };
    expect(toLogFilter(flags, now)).toEqual({
      services: ["host", "review", "server"],
      level: "warn",
      since: "2026-03-04T10:30:00.000Z",
      until: "2026-03-04T11:30:00.000Z",
      text: "Gone",
      code: "HOST_DIED",
      requestId: "r1",
    });
    expect(toLogFilter({}, now)).toEqual({});
  });

  it.each([
    ["10s", "2026-03-04T11:59:50.000Z"],
    ["2h", "2026-03-04T10:00:00.000Z"],
    ["1d", "2026-03-03T12:00:00.000Z"],
    ["2026-01-01", "2026-01-01T00:00:00.000Z"],
  ])("take a time as %s", (since, expected) => {
    expect(toLogFilter({ since }, now)).toEqual({ since: expected });
  });

  it.each<[LogFlags, RegExp]>([
    [{ service: ["hosts"] }, /--service takes server, .* or host, not "hosts"/],
    [{ level: "fatal" }, /--level takes error, warn, info or debug/],
    [{ level: "off" }, /--level/],
    [{ since: "yesterday" }, /--since takes a time/],
    [{ since: "10" }, /--since/],
    [{ until: "2026-99-99" }, /--until/],
    [{ code: "what happened?" }, /--code/],
  ])("are refused by name where they mean nothing: %o", (flags, message) => {
    expect(() => toLogFilter(flags, now)).toThrow(UsageError);
    expect(() => toLogFilter(flags, now)).toThrow(message);
  });

  it("count lines", () => {
    expect(toLines(undefined, 200)).toBe(200);
    expect(toLines("0", 200)).toBe(0);
    for (const text of ["-1", "1.5", "many", "", "1e3"]) {
      expect(() => toLines(text, 200)).toThrow(UsageError);
    }
  });
});

describe("a record for people", () => {
  it("is one line, a stack on lines of its own", () => {
    const entry = entryAt(1, {
      level: "error",
      service: "host",
      message: "failed",
      code: "HOST_DIED",
      detail: "two words",
      count: 3,
      stack: "Error: x\n    at f (a.ts:1)",
    });
    expect(describeEntry(entry, false)).toBe(
      [
        '2026-01-02T12:00:01.000Z  error  host        failed  code=HOST_DIED  detail="two words"  count=3',
        "    Error: x",
        "    at f (a.ts:1)",
      ].join("\n"),
    );
    expect(describeEntry(entry, true)).toContain("\u001b[31merror\u001b[0m");
  });

  it("cannot colour a terminal or move its cursor", () => {
    const evil = "\u001b[2Jgone\u0007\r\u009b1m";
    const entry = entryAt(1, { message: evil, detail: evil, stack: evil, [evil]: [evil] });
    expect(describeEntry(entry, false).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("an analysis for people", () => {
  it("shows tables, with remedies under what they belong to", () => {
    const text = describeAnalysis({
      from: entryAt(1).time,
      to: entryAt(9).time,
      records: 12,
      brokenLines: 2,
      files: [{ path: "a.jsonl", sizeBytes: 10 }],
      levels: { error: 3, info: 9 },
      services: { host: 12 },
      errors: [
        {
          code: "HOST_DIED",
          message: "lost",
          count: 3,
          firstTime: entryAt(1).time,
          lastTime: entryAt(2).time,
          services: ["host"],
          remedy: "Restart the service.",
        },
      ],
      latency: { host: { count: 4, p50: 1.25, p90: 2, p95: 3, p99: 150.4, max: 151 } },
      slowest: [{ service: "host", time: entryAt(3).time, message: "m", durationMs: 151 }],
      mostTokens: [],
      restarts: [],
      patterns: [],
      timeline: { stepMs: 1000, steps: [] },
    });
    expect(text).toContain("12 records in 1 files");
    expect(text).toContain("2 lines that were no records");
    expect(text).toMatch(/errors by frequency\n {2}3 +HOST_DIED +lost +last .*\n +→ Restart/);
    expect(text).toContain("p50 1.3  p90 2.0  p95 3.0  p99 150  max 151");
    expect(text).not.toContain("known patterns");
  });
});
