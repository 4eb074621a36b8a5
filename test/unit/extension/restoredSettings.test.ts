import { describe, expect, it } from "vitest";
import { compareSettings } from "../../../extension/commands/restoredSettings.ts";
import { defaultSettings } from "../../../server/protocol/settings.ts";

describe("the settings of a backup", () => {
  it("are written where they differ from those in force", () => {
    const { changes, refused } = compareSettings(
      { enabled: false, threads: defaultSettings.threads, "model.path": "/models/a.gguf" },
      defaultSettings,
    );
    expect(changes).toEqual([
      { key: "enabled", value: false },
      { key: "model.path", value: "/models/a.gguf" },
    ]);
    expect(refused).toEqual([]);
  });

  it("are left out where this version does not know them or they are not valid", () => {
    const { changes, refused } = compareSettings(
      { enabled: "perhaps", "future.setting": 1, "__proto__.x": 1, threads: null },
      defaultSettings,
    );
    expect(changes).toEqual([]);
    expect(refused).toContain("starcoder.enabled");
    expect(refused).toContain("starcoder.future.setting");
  });
});
