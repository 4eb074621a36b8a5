import type { LogFilter, LogPage, LogProgress, LogRow } from "../../protocol/logs.ts";
import type { IndexMemory } from "./indexMemory.ts";
import { openLogFolder, type OpenLog } from "./logFolder.ts";
import { createMatcher } from "./matcher.ts";
import { MatchIndex } from "./matchIndex.ts";
import { newestMatches } from "./newestMatches.ts";
import { readRows } from "./readRows.ts";
import { LogScanner, type LineReader } from "./scanLog.ts";

export interface LogQueryOptions {
  readonly folder: string;
  readonly filter: LogFilter;
  /** Number by which progress and rows are told. */
  readonly query?: number;
  readonly onProgress?: (progress: LogProgress) => void;
  /** Used for the index of matches, and given back when the query ends. */
  readonly memory?: IndexMemory;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** The records of a folder that pass a filter. */
export interface LogQuery {
  /**
   * The newest rows, at once; `from` is -1 where they are not counted yet. The rest is counted after
   * that.
   * @throws CodedError `LOG_UNREADABLE` when the folder cannot be listed.
   */
  begin(count: number): Promise<LogPage>;
  /** Settles when all is counted, or the query has ended. */
  readonly counted: Promise<void>;
  /** Rows by number; waits until they are counted. Fewer where there are no more, or it has ended. */
  page(from: number, count: number): Promise<LogPage>;
  /**
   * Reads what was written since the last look, across rotations.
   * @returns Batches of what matches; they are numbered behind all others, in the order in which they
   * were found.
   */
  readNew(): Promise<LogRow[][]>;
  progress(): LogProgress;
  /** Lets go of the files. */
  end(): Promise<void>;
}

/** Logs of this size are counted before the first page is answered. */
const smallBytes = 4 * 1024 * 1024;
const firstPageMs = 120;
const progressEachMs = 100;
const batchRows = 500;

export function createLogQuery(options: LogQueryOptions): LogQuery {
  const { filter, now, onProgress = () => undefined } = options;
  const folder = openLogFolder(options.folder);
  const matcher = createMatcher(filter);
  const index = new MatchIndex(options.memory);
  const abort = new AbortController();
  const { promise: counted, resolve: setCounted } = withResolvers();
  let scannedBytes = 0;
  let done = false;
  let toldAt = -Infinity;
  let reading: Promise<unknown> = counted;

  function progress(): LogProgress {
    const totalBytes = folder.logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return {
      query: options.query ?? 0,
      matches: index.count,
      scannedBytes: done ? totalBytes : Math.min(scannedBytes, totalBytes),
      totalBytes,
      done,
      files: folder.describe(),
    };
  }

  let scanned: OpenLog | undefined;
  const reader: LineReader = {
    beginWindow: (bytes, from, to) => matcher.beginWindow(bytes, from, to),
    take(found, bytes, from, to, offset) {
      if (scanned !== undefined && matcher.isMatch(found, bytes, from, to)) {
        index.add(found.time, scanned.number, offset);
      }
    },
  };
  const scanner = new LogScanner(reader, abort.signal);

  function scan(log: OpenLog): Promise<void> {
    scanned = log;
    return scanner.read(log, (bytes) => {
      scannedBytes += bytes;
      if (done || abort.signal.aborted || now() - toldAt < progressEachMs) return;
      toldAt = now();
      onProgress(progress());
    });
  }

  async function countAll(): Promise<void> {
    for (const log of folder.logs) await scan(log);
    if (abort.signal.aborted) return;
    index.settle();
    done = true;
    setCounted();
    // After the answer has gone out, even where all was counted before it.
    setImmediate(() => {
      if (!abort.signal.aborted) onProgress(progress());
    });
  }

  function rowsFrom(from: number, to: number): LogRow[] {
    return abort.signal.aborted ? [] : readRows(folder.logs, index.slice(from, to));
  }

  return {
    counted,
    progress,
    async begin(count) {
      await folder.refresh();
      const isSmall = progress().totalBytes <= smallBytes;
      if (isSmall) {
        await countAll();
        const from = Math.max(0, index.count - count);
        return { from, rows: rowsFrom(from, index.count) };
      }
      const until = now() + firstPageMs;
      const newest = await newestMatches(folder, matcher, count, () => now() > until);
      const rows = abort.signal.aborted ? [] : readRows(folder.logs, newest);
      // After the answer has gone out.
      setImmediate(() => void countAll());
      return { from: -1, rows };
    },
    async page(from, count) {
      await counted;
      return { from, rows: rowsFrom(from, from + count) };
    },
    readNew() {
      const read = async (): Promise<LogRow[][]> => {
        if (abort.signal.aborted) return [];
        const before = index.count;
        await folder.refresh();
        // By number: what is left in a file that was renamed comes before what is in its successor.
        for (const log of [...folder.logs]) if (mayHaveMore(log)) await scan(log);
        index.settle();
        const batches: LogRow[][] = [];
        for (let from = before; from < index.count; from += batchRows) {
          batches.push(rowsFrom(from, Math.min(index.count, from + batchRows)));
        }
        return batches;
      };
      const result = reading.then(read);
      reading = result.catch(() => undefined);
      return result;
    },
    async end() {
      abort.abort();
      index.release();
      setCounted();
      await folder.close();
    },
  };
}

/** A file without a name may be written a little longer. */
function mayHaveMore({ sizeBytes, position, missing }: OpenLog): boolean {
  return missing === 0 ? sizeBytes !== position : missing < 10;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
