import { describe, expect, it } from "vitest";
import { describeStats } from "../../../server/cli/describeStats.ts";
import { createCounts, latencyOf, raise, tallyOne } from "../../../server/health/stats/counts.ts";
import { addDuration } from "../../../server/health/stats/histogram.ts";
import { createHistory, extend } from "../../../server/health/stats/history.ts";
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
});
