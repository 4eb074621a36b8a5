import type { LogFilter, LogRow } from "../../server/protocol/logs.ts";
import type { ViewEvent } from "../../server/protocol/webview.ts";

/** A request that the double has got and not answered. */
export interface HeldRequest {
  readonly method: string;
  readonly params: unknown;
  answer(result: unknown): void;
  fail(error: unknown): void;
}

/** A log reader with rows of its own, which speaks as the real one does. */
export interface FakeLogReader {
  request(method: string, params: object): Promise<unknown>;
  onEvent(listener: (event: ViewEvent) => void): () => void;
  /** Requests so far, answered or not. */
  readonly asked: readonly HeldRequest[];
  /** Tells the viewer of something. */
  tell(name: string, data: unknown): void;
  /** Ends the counting of a query that was answered before it was counted. */
  count(): void;
  /** Writes records; told as new rows when they are followed. */
  write(count: number): void;
}

export interface FakeLogReaderOptions {
  /** Records that there are. */
  readonly total: number;
  /** Answer queries before all is counted, as with large logs. */
  readonly large?: boolean;
  /** Answer nothing by itself. */
  readonly hold?: boolean;
}

export function rowOf(index: number): LogRow {
  return {
    record: {
      time: new Date(index * 1000).toISOString(),
      level: "info",
      service: "server",
      message: `record ${index}`,
    },
    path: "/logs/server-1.jsonl",
    offset: index * 100,
  };
}

export function createFakeLogReader(options: FakeLogReaderOptions): FakeLogReader {
  const listeners = new Set<(event: ViewEvent) => void>();
  const asked: HeldRequest[] = [];
  let total = options.total;
  let query = 0;
  let following = false;

  const rowsFrom = (from: number, to: number): LogRow[] =>
    Array.from({ length: Math.max(0, Math.min(to, total) - from) }, (_, n) => rowOf(from + n));
  const progress = (done: boolean) => ({
    query,
    matches: done ? total : 0,
    scannedBytes: done ? total * 100 : 0,
    totalBytes: total * 100,
    done,
    files: [{ path: "/logs/server-1.jsonl", sizeBytes: total * 100 }],
  });

  function answerOf(method: string, params: unknown): unknown {
    switch (method) {
      case "query": {
        const { count } = params as { filter: LogFilter; count: number };
        query += 1;
        following = false;
        const from = Math.max(0, total - count);
        const isCounted = options.large !== true;
        return {
          query,
          page: { from: isCounted ? from : -1, rows: rowsFrom(from, total) },
          progress: progress(isCounted),
        };
      }
      case "page": {
        const { from, count } = params as { from: number; count: number };
        return { from, rows: rowsFrom(from, from + count) };
      }
      case "follow":
        following = (params as { on: boolean }).on;
        return {};
      default:
        throw new Error(`no request ${method}`);
    }
  }

  function tell(name: string, data: unknown): void {
    for (const listener of [...listeners]) listener({ kind: "event", name, data });
  }

  return {
    asked,
    tell,
    request: (method, params) =>
      new Promise((resolve, reject) => {
        asked.push({ method, params, answer: resolve, fail: reject });
        if (options.hold !== true) resolve(answerOf(method, params));
      }),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    count: () => tell("progress", progress(true)),
    write(count) {
      const from = total;
      total += count;
      if (!following) return;
      tell("rows", { query, rows: rowsFrom(from, total) });
      tell("progress", progress(true));
    },
  };
}
