import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { composeLogging, createLogControl } from "../../../server/compose/composeLogging.ts";
import { logRecordSchema } from "../../../server/protocol/logs.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";

function settingsWith(changes: Partial<Settings>): Settings {
  return { ...defaultSettings, ...changes };
}

describe("the log control", () => {
  it("follows the setting, which the variable and debug mode go before", () => {
    const settings = () => settingsWith({ "log.level": "warn" });
    expect(createLogControl(settings, undefined).level).toBe("warn");
    const control = createLogControl(settings, "error");
    expect(control.level).toBe("error");
    control.override("debug");
    expect(control.level).toBe("debug");
    control.override(undefined);
    expect(control.level).toBe("error");
  });

  it.each([undefined, "", "verbose", "DEBUG ", "1"])("ignores the variable %j", (variable) => {
    expect(createLogControl(() => defaultSettings, variable).level).toBe("info");
  });

  it("tells of changes, once each, until nobody listens", () => {
    let settings = settingsWith({ "log.maxMegabytes": 7 });
    const control = createLogControl(() => settings, undefined);
    const told: unknown[] = [];
    const stop = control.onChange((current) => told.push(current));
    control.refresh();
    settings = settingsWith({ "log.level": "debug", "log.source": true, "log.maxMegabytes": 7 });
    control.refresh();
    control.refresh();
    control.override("debug");
    control.override("error");
    stop();
    control.override(undefined);
    expect(told).toEqual([
      { level: "debug", source: true, maxMegabytes: 7 },
      { level: "error", source: true, maxMegabytes: 7 },
    ]);
  });
});

describe("the log of a process", () => {
  let homePath: string;
  beforeEach(() => {
    homePath = mkdtempSync(join(tmpdir(), "starcoder-home-"));
  });
  afterEach(() => rmSync(homePath, { recursive: true, force: true }));

  function records() {
    const folder = join(homePath, "logs");
    return readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => logRecordSchema.parse(JSON.parse(line))),
    );
  }
  function compose(variable?: string, settings: () => Settings = () => defaultSettings) {
    const logName = `server-${process.pid}`;
    return composeLogging({ homePath, logName, sinks: [], settings, variable });
  }

  it("warns once of a variable that holds no level, and goes on with the setting", () => {
    const { logger, close } = compose("loud");
    logger.info("said");
    logger.debug("not said");
    close();
    expect(records()).toMatchObject([
      { level: "warn", code: "VALIDATION_ERROR" },
      { level: "info", message: "said" },
    ]);
    expect(records()[0]?.["detail"]).toContain('"loud"');
  });

  it("changes its level and what it tells of source text while it runs", () => {
    let settings = defaultSettings;
    const { control, logger, close } = compose(undefined, () => settings);
    logger.debug("one", { prompt: "secret source" });
    control.override("debug");
    logger.debug("two", { prompt: "secret source" });
    settings = settingsWith({ "log.source": true });
    logger.debug("three", { prompt: "shown source" });
    control.override(undefined);
    logger.debug("four");
    close();
    expect(records().map(({ message, prompt }) => [message, prompt])).toEqual([
      ["two", undefined],
      ["three", "shown source"],
    ]);
  });

  it("does without a file where the home cannot be used", () => {
    const blocked = join(homePath, "blocked");
    writeFileSync(blocked, "");
    const log = composeLogging({
      ...{ homePath: blocked, logName: "server-1", sinks: [] },
      settings: () => defaultSettings,
    });
    expect(() => {
      log.logger.error("said");
      log.close();
    }).not.toThrow();
  });
});
