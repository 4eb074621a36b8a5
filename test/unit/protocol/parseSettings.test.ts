import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../server/protocol/parseSettings.ts";
import {
  defaultSettings,
  isLanguageEnabled,
  settingDeclarations,
  settingKeys,
} from "../../../server/protocol/settings.ts";

describe("settings", () => {
  it("have defaults that are valid themselves", () => {
    for (const key of settingKeys) {
      const { schema, default: value } = settingDeclarations[key];
      expect(schema.safeParse(value).success, key).toBe(true);
    }
  });

  it.each([[undefined], [null], [{}]])("are the defaults for %j", (raw) => {
    expect(parseSettings(raw)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it.each([
    ["nested", { model: { path: "/m.gguf" }, completion: { maxTokens: 8 } }],
    ["dotted", { "model.path": "/m.gguf", "completion.maxTokens": 8 }],
    [
      "under their prefix",
      { starcoder: { model: { path: "/m.gguf" }, "completion.maxTokens": 8 } },
    ],
    [
      "with the prefix in each key",
      { "starcoder.model.path": "/m.gguf", "starcoder.completion.maxTokens": 8 },
    ],
  ])("are read %s", (_, raw) => {
    const { settings, problems } = parseSettings(raw);
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      ...defaultSettings,
      "model.path": "/m.gguf",
      "completion.maxTokens": 8,
    });
  });

  it.each([
    [{ enabled: "yes" }, "starcoder.enabled"],
    [{ languages: { python: "on" } }, "starcoder.languages"],
    [{ languages: [] }, "starcoder.languages"],
    [{ model: { path: 7 } }, "starcoder.model.path"],
    [{ model: { contextSize: -1 } }, "starcoder.model.contextSize"],
    [{ backend: "abacus" }, "starcoder.backend"],
    [{ threads: 1.5 }, "starcoder.threads"],
    [{ completion: { temperature: Infinity } }, "starcoder.completion.temperature"],
    [{ completion: { seed: -3 } }, "starcoder.completion.seed"],
    [{ log: { level: 3 } }, "starcoder.log.level"],
  ])("report a bad value with its key and keep the default: %j", (raw, key) => {
    const { settings, problems } = parseSettings(raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: "VALIDATION_ERROR", kind: "invalid", key });
    expect(problems[0]?.message).toContain("The default");
    expect(settings).toEqual(defaultSettings);
  });

  it("use the good values beside a bad one", () => {
    const { settings, problems } = parseSettings({ completion: { maxTokens: 0, maxLines: 3 } });
    expect(problems.map(({ key }) => key)).toEqual(["starcoder.completion.maxTokens"]);
    expect(settings["completion.maxLines"]).toBe(3);
  });

  it.each([
    [{ nonsense: 1 }, "starcoder.nonsense"],
    [{ completion: { maxTokenz: 1 } }, "starcoder.completion.maxTokenz"],
    [{ model: "/m.gguf" }, "starcoder.model"],
    [{ constructor: 1 }, "starcoder.constructor"],
  ])("report a key that there is not: %j", (raw, key) => {
    expect(parseSettings(raw).problems).toMatchObject([{ kind: "unknown", key }]);
  });

  it.each([["text"], [7], [[]]])("that are %j altogether are reported and not used", (raw) => {
    const { settings, problems } = parseSettings(raw);
    expect(problems).toMatchObject([{ kind: "invalid", key: "starcoder" }]);
    expect(settings).toEqual(defaultSettings);
  });

  it("do not repeat a long value in a message", () => {
    const { problems } = parseSettings({ backend: "x".repeat(10_000) });
    expect(problems[0]?.message.length).toBeLessThan(300);
  });
});

describe("a language", () => {
  it.each([
    [{}, "go", true],
    [{ languages: { go: false } }, "go", false],
    [{ languages: { "*": false } }, "go", false],
    [{ languages: { "*": false, go: true } }, "go", true],
    [{ enabled: false, languages: { go: true } }, "go", false],
  ])("with %j: %s is %j", (raw, language, expected) => {
    expect(isLanguageEnabled(parseSettings(raw).settings, language)).toBe(expected);
  });
});
