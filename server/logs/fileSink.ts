import { appendFileSync } from "node:fs";
import { appendFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LogRecord, LogSink } from "./logger.ts";

export interface FileSinkOptions {
  /** The home's folder of logs. */
  readonly folder: string;
  /** File name without extension; one process, one file. */
  readonly name: string;
  /** Past this size the file is moved to `NAME.1.jsonl`, replacing the one before. */
  readonly maxBytes?: number;
  /** Log files kept in the folder beside this one's, newest first. */
  readonly maxFiles?: number;
  /** Milliseconds for which lines are gathered before they are written together. */
  readonly gatherMs?: number;
  /** What puts text at the end of a file; injected to test full disks. */
  readonly append?: (path: string, text: string) => Promise<void>;
}

export interface FileSink extends LogSink {
  readonly path: string;
  /** Settles when all that was written so far is in the file, or was given up. */
  flush(): Promise<void>;
  /** Writes what is left at once; for the end of the process. */
  close(): void;
}

/** Lines waiting while the disk is slow or full; past this they are dropped and counted. */
const maxWaitingLines = 1000;

/**
 * Writes records as JSON lines, in the background and in order. Never throws: what a full or
 * read-only disk does not take is dropped, and the next line that can be written says how many were.
 */
export function createFileSink(options: FileSinkOptions): FileSink {
  const { folder, name, maxBytes = 2 * 1024 * 1024, maxFiles = 20, append = appendFile } = options;
  const { gatherMs = 250 } = options;
  const path = join(folder, `${name}.jsonl`);
  let waiting: string[] = [];
  let dropped = 0;
  let bytes: number | undefined;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const take = (): string => {
    if (dropped > 0) waiting.push(`${JSON.stringify({ droppedLines: dropped })}\n`);
    const text = waiting.join("");
    waiting = [];
    return text;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const count = waiting.length;
      const text = take();
      try {
        if (bytes === undefined) {
          bytes = await sizeOf(path);
          await removeOldest(folder, maxFiles);
        }
        if (bytes + text.length > maxBytes && bytes > 0) {
          await rename(path, join(folder, `${name}.1.jsonl`));
          bytes = 0;
        }
        await append(path, text);
        bytes += Buffer.byteLength(text);
        dropped = 0;
      } catch {
        dropped += count;
      }
    }
    writing = undefined;
  };

  const begin = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) writing ??= drain();
  };

  return {
    path,
    write(record) {
      if (waiting.length >= maxWaitingLines) dropped += 1;
      else waiting.push(toLine(record));
      // Opening, writing and closing a file for each key costs more than the rest of the key.
      if (writing === undefined) timer ??= setTimeout(begin, gatherMs).unref();
    },
    flush() {
      begin();
      return writing ?? Promise.resolve();
    },
    close() {
      if (waiting.length === 0) return;
      try {
        appendFileSync(path, take());
      } catch {
        // Nobody is left to be told.
      }
    },
  };
}

function toLine({ fields, ...record }: LogRecord): string {
  return `${JSON.stringify({ ...record, ...fields })}\n`;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Each process leaves a file behind: without this they pile up. */
async function removeOldest(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.endsWith(".jsonl"));
  if (names.length <= keep) return;
  const aged = await Promise.all(
    names.map(async (file) => {
      const path = join(folder, file);
      const status = await stat(path).catch(() => undefined);
      return { path, time: status?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => b.time - a.time);
  for (const { path } of aged.slice(keep)) await rm(path, { force: true }).catch(() => undefined);
}
