import { expect, it } from "vitest";
import {
  errorRows,
  statisticsRows,
  statisticsSpans,
} from "../../../media/health/statisticsRows.ts";
import { emptyWindow, sampleStats, sampleWindow, statsWithoutSession } from "./samples.ts";

const titles = (stats: typeof sampleStats) => statisticsSpans(stats).map(({ title }) => title);

it("has no session where no server was asked", () => {
  expect(titles(sampleStats)).toEqual(["This session", "Last hour", "Last day", "In all"]);
  expect(titles(statsWithoutSession)).toEqual(["Last hour", "Last day", "In all"]);
});

it("tells counts with their shares", () => {
  const cells = Object.fromEntries(
    statisticsRows([sampleWindow]).map(({ title, cells: [cell] }) => [title, cell]),
  );
  expect(cells).toMatchObject({
    Requests: "1,240",
    Shown: "610 (49%)",
    Accepted: "210 (34%)",
    "Kept after 30 s": "180 of 200 (90%)",
    "From the cache": "122 (20%)",
    "Time to answer": "62 ms / 121 ms",
    Errors: "7",
  });
});

it("divides by nothing nowhere", () => {
  const cells = statisticsRows([emptyWindow]).map(({ cells: [cell] }) => cell);
  expect(cells.join(" ")).not.toMatch(/NaN|Infinity|undefined/);
});

it("lists each code once, the most frequent of the longest span first", () => {
  const rows = errorRows([
    { ...emptyWindow, errors: { HOST_HUNG: 1 } },
    { ...emptyWindow, errors: { HOST_HUNG: 1, TIMEOUT_ERROR: 4, HOST_DIED: 1 } },
  ]);
  expect(rows.map(({ title, cells }) => [title, ...cells])).toEqual([
    ["TIMEOUT_ERROR", "0", "4"],
    ["HOST_DIED", "0", "1"],
    ["HOST_HUNG", "1", "1"],
  ]);
});
