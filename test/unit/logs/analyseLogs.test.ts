import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analyseLogs } from "../../../server/logs/read/analysis/analyseLogs.ts";
import { Histogram } from "../../../server/logs/read/analysis/histogram.ts";
import { patternOf } from "../../../server/logs/read/analysis/patterns.ts";
import { errorTable } from "../../../server/protocol/errors.ts";
import {
  logAnalysisSchema,
  type LogAnalysis,
  type LogFilter,
} from "../../../server/protocol/logs.ts";
import { createTestLogs, entryAt, type TestLogs } from "../../support/logFolder.ts";

describe("an analysis of the logs", () => {
  let logs: TestLogs;
  beforeEach(() => {
    logs = createTestLogs();
  });
  afterEach(() => logs.remove());

  async function analyse(filter: LogFilter = {}): Promise<LogAnalysis> {
    const { signal } = new AbortController();
    return logAnalysisSchema.parse(await analyseLogs({ folder: logs.path, filter, signal }));
  }

  it("says so of logs that are empty or not there", async () => {
    const empty = { records: 0, errors: [], latency: {}, timeline: { steps: [] } };
    expect(await analyse()).toMatchObject({ ...empty, files: [] });
    logs.write("a.jsonl", "words");
    const broken = await analyse();
    expect(broken).toMatchObject({ ...empty, brokenLines: 1 });
    expect(broken.from).toBeUndefined();
  });

  it("counts levels, services and the times that the records span, filtered or not", async () => {
    logs.write("a.jsonl", entryAt(9), entryAt(1, { level: "error", service: "host" }), "cut {");
    logs.write("b.jsonl", entryAt(4, { level: "debug" }));
    expect(await analyse()).toMatchObject({
      from: entryAt(1).time,
      to: entryAt(9).time,
      records: 3,
      brokenLines: 1,
      levels: { error: 1, warn: 0, info: 1, debug: 1 },
      services: { completion: 2, host: 1 },
    });
    expect(await analyse({ level: "error" })).toMatchObject({ records: 1, levels: { info: 0 } });
  });

  it("lists failures by frequency, with the remedy of their code and a request to look at", async () => {
    const failed = { level: "error", message: "failed", code: "TIMEOUT_ERROR" } as const;
    logs.write(
      "a.jsonl",
      entryAt(1, { ...failed, requestId: "r1" }),
      entryAt(3, { ...failed, service: "review", requestId: "r3" }),
      entryAt(2, { ...failed, requestId: "r2" }),
      entryAt(4, { level: "warn", message: "lost the model host", code: "HOST_DIED" }),
      entryAt(5, { level: "error", message: "slot 7 broke" }),
      entryAt(6, { level: "error", message: "slot 12 broke" }),
      entryAt(7, { level: "error", message: "failed", code: "FROM_ANOTHER_VERSION" }),
      entryAt(8, { level: "warn", message: "no failure" }),
    );
    const { errors } = await analyse();
    expect(errors).toEqual([
      {
        code: "TIMEOUT_ERROR",
        remedy: errorTable.TIMEOUT_ERROR.remedy,
        message: "failed",
        count: 3,
        firstTime: entryAt(1).time,
        lastTime: entryAt(3).time,
        services: ["completion", "review"],
        requestId: "r3",
      },
      expect.objectContaining({ message: "slot 7 broke", count: 2 }),
      expect.objectContaining({ code: "HOST_DIED", count: 1 }),
      expect.objectContaining({ message: "FROM_ANOTHER_VERSION: failed", count: 1 }),
    ]);
    expect(errors[3]).not.toHaveProperty("code");
  });

  it("keeps a bounded number of kinds of failures, and loses none of them", async () => {
    const word = (at: number): string => at.toString(2).replaceAll("0", "a").replaceAll("1", "b");
    const lines = Array.from({ length: 2000 }, (_, at) =>
      entryAt(at, { level: "error", message: word(at) }),
    );
    logs.write("a.jsonl", ...lines);
    const { errors, levels } = await analyse();
    expect(errors.length).toBeLessThanOrEqual(100);
    expect(errors[0]).toMatchObject({ message: "other failures", count: 1500 });
    expect(levels["error"]).toBe(2000);
  });

  it("gives latency by service, and the slowest and largest requests", async () => {
    const lines = Array.from({ length: 100 }, (_, at) =>
      entryAt(at, { durationMs: at + 1, tokensUsed: 1000 - at, requestId: `r${at}` }),
    );
    logs.write("a.jsonl", ...lines, entryAt(200, { service: "review", durationMs: 0 }));
    const { latency, slowest, mostTokens } = await analyse();
    expect(latency["review"]).toEqual({ count: 1, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 });
    expect(latency["completion"]).toMatchObject({ count: 100, max: 100 });
    expect(latency["completion"]?.p50).toBeCloseTo(50, -0.3);
    expect(slowest).toHaveLength(20);
    expect(slowest[0]).toEqual({
      requestId: "r99",
      service: "completion",
      time: entryAt(99).time,
      message: "record 99",
      durationMs: 100,
      tokensUsed: 901,
    });
    expect(mostTokens.map(({ tokensUsed }) => tokensUsed)).toEqual(
      Array.from({ length: 20 }, (_, at) => 1000 - at),
    );
  });

  it("tells starts and ends of processes by time", async () => {
    logs.write(
      "server.jsonl",
      entryAt(9, { service: "server", level: "warn", message: "lost the model host" }),
      entryAt(1, { service: "server", message: "server starts" }),
      entryAt(2, { service: "completion", message: "host ends" }),
    );
    logs.write(
      "host.jsonl",
      entryAt(3, { service: "host", message: "host listens" }),
      entryAt(7, { service: "host", message: "host ends", reason: "idle" }),
      entryAt(8, { service: "host", message: "client connected" }),
    );
    expect((await analyse()).restarts.map(({ message }) => message)).toEqual([
      "server starts",
      "host listens",
      "host ends",
      "lost the model host",
    ]);
  });

  it("names what failures have in common, with the remedy of the newest code", async () => {
    logs.write(
      "a.jsonl",
      entryAt(1, { level: "error", message: "failed", code: "TIMEOUT_ERROR" }),
      entryAt(3, { level: "error", message: "failed", code: "HOST_HUNG", detail: "no answer" }),
      entryAt(2, { level: "warn", message: "a try failed", reason: "connect ETIMEDOUT" }),
      entryAt(4, { level: "info", message: "the GPU is used" }),
      entryAt(5, { level: "warn", message: "falls back", reason: "vkCreateInstance: VK_ERROR" }),
      entryAt(6, { level: "warn", message: "falls back", reason: "CUDA driver not found" }),
    );
    const { patterns } = await analyse();
    expect(patterns).toEqual([
      {
        name: "timeout",
        count: 3,
        lastTime: entryAt(3).time,
        example: "failed: no answer",
        remedy: errorTable.HOST_HUNG.remedy,
      },
      expect.objectContaining({ name: "gpu", remedy: errorTable.BACKEND_UNAVAILABLE.remedy }),
    ]);
  });

  it.each([
    ["corrupt-model", "gguf_init_from_file: invalid magic characters"],
    ["corrupt-model", "the sha256 hash does not match"],
    ["memory", "ggml_cuda: CUDA error: out of memory"],
    ["memory", "terminate called: std::bad_alloc"],
    ["gpu", "ggml_vulkan: Device memory allocation of size 3 refused, vulkan"],
    ["gpu", "falls back to the CPU: no driver"],
    ["disk", "ENOSPC: no space left on device, write"],
    ["permission", "EACCES: permission denied, open '…'"],
    ["timeout", "The request timed out after 600 ms"],
    ["connection", "read ECONNRESET"],
    ["connection", "connect ECONNREFUSED 127.0.0.1:8080"],
  ])("knows %s by its words: %s", (name, text) => {
    expect(patternOf(undefined, text)?.name).toBe(name);
    expect(patternOf("INTERNAL_ERROR", text)?.name).toBe(name);
  });

  it("believes a code more than words", () => {
    expect(patternOf("MEMORY_ERROR", "read ECONNRESET")?.name).toBe("memory");
    expect(patternOf("PARSING_ERROR", "read ECONNRESET")).toBeUndefined();
    expect(patternOf("constructor", "read ECONNRESET")?.name).toBe("connection");
    expect(patternOf(undefined, "nothing that is known")).toBeUndefined();
  });

  it("draws at most 120 steps without gaps, whatever time the records span", async () => {
    for (const seconds of [1, 100, 119, 5000, 86_400, 1e7]) {
      const lines = Array.from({ length: 300 }, (_, at) =>
        entryAt((at * seconds) / 300, { durationMs: 8, level: at % 3 === 0 ? "warn" : "info" }),
      );
      logs.write("a.jsonl", ...lines);
      const { stepMs, steps } = (await analyse()).timeline;
      expect(steps.length).toBeLessThanOrEqual(120);
      expect(steps.length * stepMs).toBeGreaterThan(seconds * 990);
      steps.forEach(({ time }, at) =>
        expect(Date.parse(time)).toBe(Date.parse(steps[0]?.time ?? "") + at * stepMs),
      );
      const total = steps.reduce((sum, { warn, info }) => sum + warn + info, 0);
      expect(total).toBe(300);
      expect(steps[0]?.medianMs).toBeCloseTo(8, 0);
    }
  });

  it("leaves a clock that was years off out of the timeline, and in the counts", async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => entryAt(at));
    logs.write("a.jsonl", ...lines, entryAt(1e9), entryAt(-1e9));
    const { timeline, records, to } = await analyse();
    expect(records).toBe(3002);
    expect(to).toBe(entryAt(1e9).time);
    expect(timeline.steps.length * timeline.stepMs).toBeLessThan(2 * 3_600_000);
    const total = timeline.steps.reduce((sum, { info }) => sum + info, 0);
    expect(total).toBe(3000);
  });
});

describe("percentiles of a histogram", () => {
  it("are within 1% of the exact ones", () => {
    const histogram = new Histogram();
    const values = Array.from({ length: 5000 }, (_, at) => 0.05 * 1.004 ** at);
    for (const value of values) histogram.add(value);
    for (const fraction of [0.01, 0.5, 0.9, 0.95, 0.99, 1]) {
      const exact = values[Math.ceil(fraction * values.length) - 1] ?? 0;
      expect(histogram.percentile(fraction) / exact).toBeGreaterThan(0.989);
      expect(histogram.percentile(fraction) / exact).toBeLessThan(1.011);
    }
    expect(histogram.max).toBe(values.at(-1));
  });
});
