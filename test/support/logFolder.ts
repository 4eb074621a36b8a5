import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "../../server/protocol/logs.ts";

/** A folder for log files. */
export interface TestLogs {
  readonly path: string;
  /** Writes a file of records and, as they are, of other lines. */
  write(name: string, ...lines: readonly (LogEntry | string)[]): string;
  append(name: string, text: string): void;
  remove(): void;
}

export function createTestLogs(): TestLogs {
  const path = mkdtempSync(join(tmpdir(), "starcoder-logs-"));
  return {
    path,
    write(name, ...lines) {
      const file = join(path, name);
      writeFileSync(file, lines.map((line) => `${toLine(line)}\n`).join(""));
      return file;
    },
    append(name, text) {
      appendFileSync(join(path, name), text);
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A record some seconds after noon. */
export function entryAt(seconds: number, fields: Partial<LogEntry> = {}): LogEntry {
  return {
    time: new Date(Date.UTC(2026, 0, 2, 12) + seconds * 1000).toISOString(),
    level: "info",
    service: "completion",
    message: `record ${seconds}`,
    ...fields,
  };
}

export function toLine(line: LogEntry | string): string {
  return typeof line === "string" ? line : JSON.stringify(line);
}
