import { existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { LogFields, LogRecord, LogSink } from "./logger.ts";
import { fileBytesWithin, sweepLogs } from "./rotate.ts";
import { makeFolder } from "../state/makeFolder.ts";

/** What puts lines into a file: pino's own destination, or one that a test breaks. */
export interface LineWriter {
  write(line: string): boolean;
  /** Writes what waits, or a part of it. */
  flush(): void;
  /** Goes on in another file of the same name. */
  reopen(): void;
  end(): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "write", listener: (bytes: number) => void): unknown;
  on(event: "drop", listener: (line: string) => void): unknown;
}

export interface LogFileOptions {
  /** The home's folder of logs; made when the first line is written. */
  readonly folder: string;
  /** File name without extension, ending in the process id; one process, one file. */
  readonly name: string;
  /** The most that all log files together may take. */
  readonly maxTotalBytes: () => number;
  /** Milliseconds for which lines are gathered before they are written together. */
  readonly gatherMs?: number;
  /** What opens the file; injected to test full disks. Throws where it cannot. */
  readonly open?: (path: string) => LineWriter;
  /** Milliseconds that only grow. */
  readonly monotonic?: () => number;
}

/** A log file whose writing never throws. */
export interface LogFile extends LogSink {
  readonly path: string;
  /** Writes what waits, now. */
  flush(): void;
  /** The same at the end of the process; later records are not written. */
  close(): void;
}

/** Bytes that wait while a disk is full; past this, lines are dropped and counted. */
const maxWaitingBytes = 256 * 1024;
/** How often a file that could not be written is tried again. */
const retryMs = 2000;

/**
 * Writes records as JSON lines in the form of `logRecordSchema`. What a full or read-only disk does
 * not take is dropped, and the next line that can be written says how many were.
 */
export function createLogFile(options: LogFileOptions): LogFile {
  const { folder, name, maxTotalBytes, gatherMs = 250, open = openDestination } = options;
  const { monotonic = () => performance.now() } = options;
  const path = join(folder, `${name}.jsonl`);
  let writer: LineWriter | undefined;
  let timer: NodeJS.Timeout | undefined;
  let fileBytes = 0;
  let rotateAtBytes = 0;
  let waitingBytes = 0;
  let dropped = 0;
  let failedAt: number | undefined;
  let closed = false;

  function fail(): void {
    failedAt = monotonic();
  }

  function opened(): LineWriter | undefined {
    if (writer !== undefined) return writer;
    if (failedAt !== undefined && monotonic() - failedAt < retryMs) return undefined;
    try {
      makeFolder(folder);
      sweep();
      const next = open(path);
      next.on("error", fail);
      next.on("write", (bytes) => {
        waitingBytes = Math.max(0, waitingBytes - bytes);
        failedAt = undefined;
      });
      next.on("drop", (line) => {
        waitingBytes -= Buffer.byteLength(line);
        fileBytes -= Buffer.byteLength(line);
        dropped += 1;
      });
      fileBytes = sizeOf(path);
      failedAt = undefined;
      writer = next;
    } catch {
      fail();
    }
    return writer;
  }

  function sweep(): void {
    const { living } = sweepLogs(folder, { keep: path, maxTotalBytes: maxTotalBytes() });
    rotateAtBytes = fileBytesWithin(maxTotalBytes(), living);
  }

  function flushAll(): void {
    // A writer hands on a part at a time; one that hands on nothing has failed.
    for (let before = Infinity; waitingBytes > 0 && waitingBytes < before;) {
      before = waitingBytes;
      writer?.flush();
    }
  }

  function rotate(): void {
    try {
      flushAll();
      if (waitingBytes > 0) throw new Error("It is not written.");
      renameSync(path, join(folder, `${name}.1.jsonl`));
      writer?.reopen();
      fileBytes = 0;
      sweep();
    } catch {
      // It grows on, and is tried again after as much.
      rotateAtBytes = fileBytes + rotateAtBytes;
    }
  }

  /** Somebody cleaned up: without this, lines go to a file that has no name any more. */
  function reopenIfGone(): void {
    if (existsSync(path)) return;
    makeFolder(folder);
    writer?.reopen();
    fileBytes = waitingBytes;
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writer === undefined || waitingBytes === 0) return;
    try {
      reopenIfGone();
      flushAll();
    } catch {
      fail();
    }
    if (waitingBytes > 0) flushLater();
  }

  function flushLater(): void {
    timer ??= setTimeout(flush, failedAt === undefined ? gatherMs : retryMs).unref();
  }

  const lines = pino(
    {
      level: "debug",
      base: { pid: process.pid },
      messageKey: "message",
      timestamp: false,
      formatters: { level: (level) => ({ level }) },
    },
    {
      write(line) {
        const to = opened();
        if (to === undefined) {
          dropped += 1;
          return;
        }
        const bytes = Buffer.byteLength(line);
        if (fileBytes > 0 && fileBytes + bytes > rotateAtBytes) rotate();
        fileBytes += bytes;
        waitingBytes += bytes;
        to.write(line);
        flushLater();
      },
    },
  );

  /** A record's own names win over fields of the same name. */
  function put({ time, level, service, message, fields }: LogRecord): void {
    const own: LogFields = { time, service, level: undefined, pid: undefined, message: undefined };
    lines[level]({ time, service, ...fields, ...own }, message);
  }

  return {
    path,
    write(record) {
      if (closed) return;
      try {
        if (dropped > 0 && opened() !== undefined && failedAt === undefined) {
          const droppedLines = dropped;
          dropped = 0;
          const message = "log lines could not be written";
          put({ ...record, level: "warn", message, fields: { droppedLines } });
        }
        put(record);
      } catch {
        dropped += 1;
      }
    },
    flush,
    close() {
      if (closed) return;
      flush();
      clearTimeout(timer);
      closed = true;
      // What is left could not be written; waiting for it would hold up the process's end.
      if (waitingBytes === 0) writer?.end();
    },
  };
}

/** Written in one go by the timer: the gathered lines of some keys cost one short system call. */
function openDestination(path: string): LineWriter {
  return pino.destination({
    dest: path,
    sync: true,
    minLength: 8 * 1024,
    maxLength: maxWaitingBytes,
    mode: 0o600,
  });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
