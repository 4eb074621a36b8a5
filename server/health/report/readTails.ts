import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { sourceFields } from "../../logs/sourceFields.ts";
import { logRecordSchema, type LogEntry } from "../../protocol/logs.ts";

/** The end of one log file. */
export interface LogTail {
  readonly name: string;
  /** Without source text, whatever was logged. */
  readonly records: readonly LogEntry[];
  /** Lines that are no records; they are not passed on, since nothing is known of what they hold. */
  readonly broken: number;
  /** What a process printed itself; of files that are no JSON lines. */
  readonly output?: string;
  /** Why it could not be read. */
  readonly error?: string;
}

export interface LogTails {
  readonly files: readonly LogTail[];
  /** Why the folder could not be read. */
  readonly error?: string;
}

/** Read from the end of each file. */
const tailBytes = 256 * 1024;
/** Files that count, the newest names last. */
const mostFiles = 100;

/** Reads the ends of the log files. Never throws: what cannot be read says why. */
export function readTails(folder: string): LogTails {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /\.(jsonl|log)$/.test(name));
  } catch (thrown) {
    return { files: [], error: messageOf(thrown) };
  }
  return { files: names.slice(-mostFiles).map((name) => readTail(folder, name)) };
}

function readTail(folder: string, name: string): LogTail {
  try {
    const { text, whole } = readEnd(join(folder, name));
    // Where reading began in the middle of the file, the first line may begin within a secret.
    if (!name.endsWith(".jsonl")) {
      const output = whole ? text : text.slice(text.indexOf("\n") + 1);
      return { name, records: [], broken: 0, output };
    }
    const lines = text.split("\n").filter((line) => line !== "");
    const complete = whole ? lines : lines.slice(1);
    const records = complete.flatMap((line) => toRecord(line) ?? []);
    return { name, records, broken: complete.length - records.length };
  } catch (thrown) {
    return { name, records: [], broken: 0, error: messageOf(thrown) };
  }
}

function readEnd(path: string): { readonly text: string; readonly whole: boolean } {
  const file = openSync(path, "r");
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new Error("It is no file.");
    const length = Math.min(status.size, tailBytes);
    const buffer = Buffer.alloc(length);
    const read = readSync(file, buffer, 0, length, status.size - length);
    return { text: buffer.toString("utf8", 0, read), whole: length === status.size };
  } finally {
    closeSync(file);
  }
}

function toRecord(line: string): LogEntry | undefined {
  try {
    const parsed = logRecordSchema.safeParse(JSON.parse(line));
    if (!parsed.success) return undefined;
    const known = Object.entries(parsed.data).filter(([field]) => !sourceFields.has(field));
    return logRecordSchema.parse(Object.fromEntries(known));
  } catch {
    return undefined;
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
