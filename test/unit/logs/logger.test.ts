import { describe, expect, it } from "vitest";
import { createLogger, type LogFields, type LogRecord } from "../../../server/logs/logger.ts";
import { createRedact } from "../../../server/logs/redact.ts";
import type { LogLevel } from "../../../server/protocol/logs.ts";

function setUp(more: { readonly source?: () => boolean; readonly level?: () => LogLevel } = {}) {
  const records: LogRecord[] = [];
  const logger = createLogger({
    service: "server",
    sinks: [{ write: (record) => records.push(record) }],
    level: () => "debug",
    redact: (text) => createRedact({ userFolder: "/home/ann" })(text).text,
    now: () => new Date(0),
    ...more,
  });
  return { records, logger };
}

const levels = ["error", "warn", "info", "debug"] as const;

describe("the logger", () => {
  it.each([
    ["off", []],
    ["error", ["error"]],
    ["warn", ["error", "warn"]],
    ["info", ["error", "warn", "info"]],
    ["debug", ["error", "warn", "info", "debug"]],
  ] as const)("at level %s passes on %j", (level, expected) => {
    const { records, logger } = setUp({ level: () => level });
    for (const name of levels) logger[name]("said");
    expect(records.map((record) => record.level)).toEqual(expected);
  });

  it("asks for the level at each record, so that a change counts at once", () => {
    let level: LogLevel = "error";
    const { records, logger } = setUp({ level: () => level });
    const completion = logger.for("completion");
    completion.debug("before");
    level = "debug";
    completion.debug("after");
    level = "off";
    completion.error("later");
    expect(records.map(({ message }) => message)).toEqual(["after"]);
  });

  it("says time, level, service and message, and leaves out fields without a value", () => {
    const { records, logger } = setUp();
    logger.for("completion").warn("slow", { durationMs: 3, code: undefined });
    expect(records).toEqual([
      {
        time: "1970-01-01T00:00:00.000Z",
        level: "warn",
        service: "completion",
        message: "slow",
        fields: { durationMs: 3 },
      },
    ]);
  });

  it("leaves out numbers that JSON does not have, which would make the line none that is read", () => {
    const { records, logger } = setUp();
    logger.info("said", { durationMs: NaN, probability: -Infinity, count: 1.23456 });
    expect(records[0]?.fields).toEqual({ count: 1.235 });
  });

  it("takes secrets and private paths out of text fields", () => {
    const { records, logger } = setUp();
    logger.error("failed", {
      detail: "401 for https://ann:hunter2@example.org with Bearer abcdef123456",
      stack: "Error: x\n    at f (/home/ann/work/a.ts:1:2)",
    });
    expect(records[0]?.fields).toEqual({
      detail: "401 for https://[redacted]@example.org with Bearer [redacted]",
      stack: "Error: x\n    at f (~/work/a.ts:1:2)",
    });
  });

  it("drops source text unless it is allowed", () => {
    const fields: LogFields = { prompt: "const a", suggestion: "= 1", requestId: "s1" };
    let allowed = false;
    const { records, logger } = setUp({ source: () => allowed });
    logger.debug("made", fields);
    allowed = true;
    logger.debug("made", fields);
    expect(records.map((record) => record.fields)).toEqual([{ requestId: "s1" }, fields]);
  });
});
