import { expect, it } from "vitest";
import { filesText } from "../../../server/protocol/filesText.ts";

it.each([
  [1, 5, "1 file, 5 bytes"],
  [2, 1200, "2 files, 1.2 kB"],
  [3, 4_500_000, "3 files, 4.5 MB"],
  [1, 7_000_000_000, "1 file, 7.0 GB"],
])("%i files of %i bytes are told as people say it", (files, bytes, text) => {
  expect(filesText(files, bytes)).toBe(text);
});
