import { describe, expect, it } from "vitest";
import { logRequest } from "../../../server/host/logRequest.ts";
import { createLogger, type LogRecord } from "../../../server/logs/logger.ts";
import { CodedError } from "../../../server/protocol/errors.ts";

const usage = {
  ...{ queueMs: 1, prefillMs: 2, decodeMs: 3 },
  ...{ evaluatedTokens: 4, reusedTokens: 5, generatedTokens: 6 },
};

function setUp() {
  const records: LogRecord[] = [];
  let time = 0;
  const log = createLogger({
    ...{ service: "host", sinks: [{ write: (record: LogRecord) => records.push(record) }] },
    ...{ level: () => "debug", now: () => new Date(0) },
  });
  return { records, options: { log, now: () => (time += 10) } };
}
const request = { message: "generated", level: "info", requestId: "s1-1" } as const;
const job = { usage: () => usage, slot: 2 };

describe("the host's line about a request", () => {
  it("tells what it cost, under the id that the server gave it", async () => {
    const { records, options } = setUp();
    const run = (onJob: (started: typeof job) => void) => {
      onJob(job);
      return Promise.resolve("done");
    };
    expect(await logRequest(options, request, run, new AbortController().signal)).toBe("done");
    expect(records).toMatchObject([{ level: "info", service: "host", message: "generated" }]);
    expect(records[0]?.fields).toEqual({
      ...{ requestId: "s1-1", durationMs: 10, ...usage },
      ...{ tokensUsed: 10, slot: 2, cancelled: false },
    });
  });

  it("says that it was cancelled", async () => {
    const { records, options } = setUp();
    await logRequest(options, request, () => Promise.resolve(null), AbortSignal.abort());
    expect(records[0]?.fields).toMatchObject({ cancelled: true });
  });

  it("warns of what was refused, with its code, and passes it on", async () => {
    const { records, options } = setUp();
    const refused = new CodedError("CONTEXT_OVERFLOW");
    const run = () => Promise.reject(refused);
    const { signal } = new AbortController();
    await expect(logRequest(options, request, run, signal)).rejects.toBe(refused);
    expect(records).toMatchObject([
      { level: "warn", message: "not generated", fields: { code: "CONTEXT_OVERFLOW" } },
    ]);
    expect(records[0]?.fields["stack"]).toBeUndefined();
  });

  it("tells where something unexpected was thrown", async () => {
    const { records, options } = setUp();
    const run = () => Promise.reject(new TypeError("no sequence"));
    const { signal } = new AbortController();
    await expect(logRequest(options, request, run, signal)).rejects.toThrow("no sequence");
    expect(records).toMatchObject([{ level: "error", fields: { code: "INTERNAL_ERROR" } }]);
    expect(records[0]?.fields["stack"]).toContain("logRequest.test.ts");
  });
});
