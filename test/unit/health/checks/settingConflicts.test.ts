import { describe, expect, it } from "vitest";
import { conflictsOf } from "../../../../server/health/checks/settingConflicts.ts";
import { defaultSettings, type Settings } from "../../../../server/protocol/settings.ts";

describe("conflicts of settings", () => {
  it("are none with the defaults", () => {
    expect(conflictsOf(defaultSettings, [], 2)).toEqual([]);
  });

  it.each<[Partial<Settings>, RegExp]>([
    [{ enabled: false }, /starcoder\.enabled is off/],
    [{ languages: { "*": false } }, /starcoder\.languages/],
    [
      { "completion.delay": 600, "completion.deadline": 600 },
      /delay \(600 ms\).*before it is asked/,
    ],
    [{ threads: 16 }, /threads is 16, there are 4 cores/],
    [{ prefillThreads: 5 }, /prefillThreads is 5/],
    [{ "model.contextSize": 1024, "completion.contextTokens": 2048 }, /contextTokens \(2048\)/],
    [{ "model.contextSize": 64, "completion.maxTokens": 64 }, /maxTokens \(64\)/],
    [{ "review.mode": "off", "review.minConfidence": 0.5 }, /review\.mode is off/],
    [{ "review.comments": true, "model.instruct": "off" }, /review\.comments is on/],
    [{ backend: "cpu", "model.gpuLayers": 10 }, /gpuLayers has no effect/],
    [{ "completion.seed": 7 }, /seed has no effect/],
  ])("of %j are named", (changes, expected) => {
    const found = conflictsOf({ ...defaultSettings, ...changes }, Object.keys(changes), 4);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it("are none where a single language is left on", () => {
    const settings = { ...defaultSettings, languages: { "*": false, python: true } };
    expect(conflictsOf(settings, ["languages"], 4)).toEqual([]);
  });
});
