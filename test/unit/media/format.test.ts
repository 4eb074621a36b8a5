import { expect, it } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  shortCount,
} from "../../../media/parts/format.ts";

it("writes milliseconds as people read them", () => {
  expect([0.421, 9.999, 99.99, 420.4, 1234, 61_000].map(formatMs)).toEqual([
    "0.42 ms",
    "10 ms",
    "100 ms",
    "420 ms",
    "1.2 s",
    "1 min 1 s",
  ]);
});

it("writes durations in two units", () => {
  expect([0, 59.6, 200, 3600, 7500, 273_600].map(formatDuration)).toEqual([
    "0 s",
    "1 min",
    "3 min 20 s",
    "1 h",
    "2 h 5 min",
    "3 d 4 h",
  ]);
});

it("writes counts with commas, and short ones with a letter", () => {
  expect([0, 950, 12_400, 999_999, 1_250_000].map(formatCount)).toEqual([
    "0",
    "950",
    "12,400",
    "999,999",
    "1.25 M",
  ]);
  expect([0.5, 950, 999.9, 12_400, 999_900, 3e9].map(shortCount)).toEqual([
    "0.5",
    "950",
    "1 k",
    "12.4 k",
    "1 M",
    "3 B",
  ]);
});

it("writes shares with a digit only where they are small", () => {
  expect([0, 0.004, 0.0995, 0.42, 1].map(formatPercent)).toEqual([
    "0%",
    "0.4%",
    "10%",
    "42%",
    "100%",
  ]);
});

it("writes a dash for what is not known", () => {
  const unknown = [formatBytes, formatMs, formatDuration, formatCount, formatPercent];
  expect(unknown.map((format) => format(undefined))).toEqual(["–", "–", "–", "–", "–"]);
  expect(unknown.map((format) => format(NaN))).toEqual(["–", "–", "–", "–", "–"]);
  expect(formatClock("yesterday")).toBe("–");
  expect(formatAgo("yesterday", 0)).toBe("–");
});

it("tells how long ago something was, and the date of what is older or in the future", () => {
  const now = new Date("2026-11-24T12:00:00Z").getTime();
  const ago = (seconds: number) => formatAgo(new Date(now - seconds * 1000).toISOString(), now);
  expect([2, 42, 200, 7300].map(ago)).toEqual(["just now", "42 s ago", "3 min ago", "2 h ago"]);
  expect(ago(90_000)).toMatch(/^2026-11-23 \d\d:00:00$/);
  expect(ago(-600)).toMatch(/^2026-11-24 \d\d:10:00$/);
});
