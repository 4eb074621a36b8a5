import { describe, expect, it } from "vitest";
import { describeStats } from "../../../server/cli/describeStats.ts";
import { createCounts, latencyOf, raise, tallyOne } from "../../../server/health/stats/counts.ts";
import { addDuration } from "../../../server/health/stats/histogram.ts";
import { createHistory, extend } from "../../../server/health/stats/history.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { EndpointStatus } from "../../../server/protocol/endpoints.ts";
import { toStats } from "../../../server/health/stats/toStats.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");

describe("statistics for people", () => {
  it("are a table of hour, day and total, then reasons and errors", () => {
    const history = createHistory(noon);
    const counts = createCounts();
    raise(counts, "requests", 12_345);
    raise(counts, "shown", 200);
    raise(counts, "acceptedWhole", 50);
    raise(counts, "judged30s", 40);
    raise(counts, "kept30s", 30);
    tallyOne(counts, "nothing", "gated");
    tallyOne(counts, "errors", "HOST_DIED");
    addDuration(latencyOf(counts, "total"), 1500);
    extend(history, new Map([[noon, counts]]), noon);
    const lines = describeStats({ ...toStats(history, noon), memory: {} }).split("\n");
    expect(lines[0]?.trim().split(/ {2,}/)).toEqual(["last hour", "last day", "since 2026-11-24"]);
    const row = (title: string) => lines.find((line) => line.startsWith(title));
    expect(row("requests")).toMatch(/12,345 +12,345 +12,345$/);
    expect(row("accepted wholly")).toContain("50 (25 %)");
    expect(row("still there after 30 s")).toContain("30 of 40");
    expect(row("still there after 5 min")).toMatch(/- +- +-$/);
    expect(row("answer, median")).toContain("1.5 s");
    expect(row("tokens spent in vain")).toBeUndefined();
    expect(lines).toContain("  gated: 1");
    expect(lines).toContain("  HOST_DIED: 1");
    expect(lines.at(-1)).toContain("on this machine only");
  });

  it("name each remote engine of a running server", () => {
    const history = createHistory(noon);
    const up: EndpointStatus = {
      ...{ name: "big", url: "http://a/", kind: "vllm", state: "up", inFlight: 0 },
      ...{ requests: 1200, failures: 2, firstTokenMs: { p50: 41.6, p95: 90 }, limits: [] },
      tokens: { evaluated: 50_000, reused: 9, generated: 4000, hedged: 430 },
    };
    const down: EndpointStatus = {
      ...{ name: "small", url: "http://b/", state: "failed", inFlight: 0, requests: 0 },
      ...{ failures: 0, error: new CodedError("ENDPOINT_AUTH").toData(), limits: [] },
      tokens: { evaluated: 0, reused: 0, generated: 0, hedged: 0 },
    };
    const report = { pid: 7, name: "language server", time: "2026-11-28T12:00:00.000Z" };
    const remotes = [{ ...report, endpoints: [up, down] }];
    const lines = describeStats({ ...toStats(history, noon), remotes, memory: {} }).split("\n");
    const at = lines.indexOf("Remote engines of the language server (process 7), at 12:00:00 UTC:");
    expect(lines.slice(at + 1, at + 4)).toEqual([
      "         server  state                   requests  failed  tokens  in vain  first token",
      "  big    vllm    up                         1,200       2  54,000      430        42 ms",
      "  small  -       failed (ENDPOINT_AUTH)         0       0       0        0            -",
    ]);
  });
});
