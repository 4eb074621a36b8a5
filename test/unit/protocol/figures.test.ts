import { expect, it } from "vitest";
import { formatBytes, formatCount, formatFiles } from "../../../server/protocol/figures.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1024, "1.0 KB"],
  [8_445_280, "8.4 MB"],
  [99_960_000, "100 MB"],
  [999_600_000, "1.0 GB"],
  [25_300_000_000, "25.3 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it("files are told with their number", () => {
  expect(formatFiles(1, 5)).toBe("1 file, 5 B");
  expect(formatFiles(2, 1200)).toBe("2 files, 1.2 KB");
});

it.each([
  [999, "999"],
  [2_048, "2K"],
  [7_612_345, "7.6M"],
  [494_000_000, "494M"],
  [3_030_000_000, "3B"],
  [15_000_000_000, "15B"],
])("%i is %s in short", (count, text) => {
  expect(formatCount(count)).toBe(text);
});
