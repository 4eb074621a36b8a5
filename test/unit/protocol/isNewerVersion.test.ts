import { expect, it } from "vitest";
import { isNewerVersion } from "../../../server/protocol/isNewerVersion.ts";

it.each([
  ["0.2.0", "0.1.9", true],
  ["0.10.0", "0.9.0", true],
  ["1.0.0", "1.0.0", false],
  ["0.1.9", "0.2.0", false],
  ["1.0.0", "1.0.0-rc.1", true],
  ["1.0.0-rc.10", "1.0.0-rc.9", true],
  ["1.0.0-rc.1", "1.0.0", false],
  ["bench", "1.0.0", false],
  ["1.0.0", "bench", false],
])("%s is newer than %s: %s", (version, than, expected) => {
  expect(isNewerVersion(version, than)).toBe(expected);
});
