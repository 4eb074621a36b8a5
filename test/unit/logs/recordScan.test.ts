import { describe, expect, it } from "vitest";
import { logLevels, logRecordSchema, logServices } from "../../../server/protocol/logs.ts";
import { RecordScan, textOf } from "../../../server/logs/read/recordScan.ts";

const whole =
  '{"level":"error","pid":7,"detail":"a \\"b\\" {c","nested":{"a":[1,{"time":"no"}]},"time":"2026-02-28T23:59:58.007Z","service":"host","requestId":"r1","code":"HOST_DIED","durationMs":12.5,"tokensUsed":300,"message":"tab\\there"}';

function scan(line: string): RecordScan | undefined {
  const bytes = Buffer.from(`xx${line}\nyy`);
  const record = new RecordScan();
  return record.read(bytes, 2, bytes.length - 3) ? record : undefined;
}

/** What JSON.parse and the schema make of it. */
function isRecord(line: string): boolean {
  try {
    const { success, data } = logRecordSchema.safeParse(JSON.parse(line));
    return success && !Number.isNaN(Date.parse(data.time));
  } catch {
    return false;
  }
}

describe("a scan of a line", () => {
  it("finds the named fields in whatever order, and none in nested values", () => {
    const found = scan(whole);
    const bytes = Buffer.from(`xx${whole}`);
    expect(found?.time).toBe(Date.UTC(2026, 1, 28, 23, 59, 58, 7));
    expect(logLevels[found?.level ?? 0]).toBe("error");
    expect(logServices[found?.service ?? 0]).toBe("host");
    expect(textOf(bytes, found?.messageFrom ?? 0, found?.messageTo ?? 0)).toBe("tab\there");
    expect(textOf(bytes, found?.codeFrom ?? 0, found?.codeTo ?? 0)).toBe("HOST_DIED");
    expect(textOf(bytes, found?.requestFrom ?? 0, found?.requestTo ?? 0)).toBe("r1");
    expect(found).toMatchObject({ durationMs: 12.5, tokensUsed: 300 });
  });

  it("reads figures as JSON does", () => {
    const head = whole.slice(0, -1);
    for (const text of ["0", "0.25", "12345.678", "1e3", "2.5E-2", "-4", "100000000000000"]) {
      expect(scan(`${head},"durationMs":${text}}`)?.durationMs).toBeCloseTo(Number(text), 9);
    }
  });

  it("reads times in every form that a date can be read from", () => {
    for (const time of [
      "1969-12-31T23:59:59.999Z",
      "2000-02-29T00:00:00.000Z",
      "2099-12-31T23:59:59.123Z",
      "2026-01-02T03:04:05Z",
      "2026-01-02T03:04:05.678+02:00",
    ]) {
      const line = `{"time":"${time}","level":"info","service":"host","message":""}`;
      expect(scan(line)?.time).toBe(Date.parse(time));
    }
  });

  it("agrees with JSON.parse and the schema on lines that were cut anywhere", () => {
    for (let length = 0; length <= whole.length; length += 1) {
      const line = whole.slice(0, length);
      expect([line, scan(line) !== undefined]).toEqual([line, isRecord(line)]);
    }
  });

  it("agrees with them on one line written into another, at any place", () => {
    for (let at = 1; at < whole.length; at += 1) {
      const line = whole.slice(0, at) + whole + whole.slice(at);
      // Only where a record lies inside a text do both parse, and mean the outer one.
      expect([at, scan(line) !== undefined]).toEqual([at, isRecord(line)]);
    }
  });

  it.each([
    "{}",
    "[]",
    "null",
    "plain words",
    '{"droppedLines":3}',
    whole.replace('"error"', '"fatal"'),
    whole.replace('"host"', '"other"'),
    whole.replace("2026-02-28T", "2026-99-28T"),
    whole.replace('"HOST_DIED"', "7"),
    whole.replace("12.5", '"12.5"'),
    whole.replace("12.5", "null"),
    whole.replace("300", "3-0"),
    whole.replace('"tab\\there"', "tru"),
    `${whole} ${whole}`,
    `${whole},`,
  ])("takes no other line for a record: %s", (line) => {
    expect(isRecord(line)).toBe(false);
    expect(scan(line)).toBeUndefined();
  });

  it("takes lines with spaces between their parts", () => {
    const line = `{ "time": "2026-01-02T03:04:05.678Z", "level": "warn", "service": "host", "ok": true, "message": "a" }`;
    expect(logLevels[scan(line)?.level ?? 0]).toBe("warn");
  });
});
