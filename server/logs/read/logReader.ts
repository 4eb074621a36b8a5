import { CodedError, toCodedError } from "../../protocol/errors.ts";
import type { LogProgress } from "../../protocol/logs.ts";
import {
  logReaderRequests,
  viewRequestSchema,
  type ViewMessage,
  type ViewResponse,
} from "../../protocol/webview.ts";
import { analyseLogs } from "./analysis/analyseLogs.ts";
import { followLogs } from "./followLogs.ts";
import { createLogQuery, type LogQuery } from "./logQuery.ts";
import { IndexMemory } from "./indexMemory.ts";
import { openLogFolder } from "./logFolder.ts";

export interface LogReaderOptions {
  readonly folder: string;
  readonly send: (message: ViewMessage) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly pollMs?: number;
}

/** Answers the requests of the log viewer. */
export interface LogReader {
  /** Takes whatever came over the channel; answers each request exactly once, and never throws. */
  receive(message: unknown): Promise<void>;
  dispose(): Promise<void>;
}

type Method = keyof typeof logReaderRequests;

export function createLogReader(options: LogReaderOptions): LogReader {
  const { folder, send, now } = options;
  const memory = new IndexMemory();
  let queries = 0;
  let current: LogQuery | undefined;
  let unfollow: (() => void) | undefined;
  let analysing: Promise<unknown> = Promise.resolve();

  async function endCurrent(): Promise<void> {
    unfollow?.();
    unfollow = undefined;
    const ended = current;
    current = undefined;
    await ended?.end();
  }

  const onProgress = (progress: LogProgress): void => {
    if (progress.query === queries) send({ kind: "event", name: "progress", data: progress });
  };

  const known = (query: number): LogQuery | undefined => {
    if (query < 1 || query > queries) {
      throw new CodedError("VALIDATION_ERROR", `There is no query ${query}.`);
    }
    return query === queries ? current : undefined;
  };

  function follow(query: number, log: LogQuery): () => void {
    const read = async (): Promise<void> => {
      const batches = await log.readNew();
      if (query !== queries || batches.length === 0) return;
      for (const rows of batches) send({ kind: "event", name: "rows", data: { query, rows } });
      onProgress(log.progress());
    };
    const { pollMs } = options;
    return followLogs({ folder, read, ...(pollMs === undefined ? {} : { pollMs }) });
  }

  const handlers: Record<Method, (params: unknown) => Promise<unknown>> = {
    async query(params) {
      const { filter, count } = logReaderRequests.query.parse(params);
      queries += 1;
      const query = queries;
      void endCurrent();
      const log = createLogQuery({ folder, filter, query, onProgress, now, memory });
      current = log;
      const page = await log.begin(count);
      return { query, page, progress: log.progress() };
    },
    async page(params) {
      const { query, from, count } = logReaderRequests.page.parse(params);
      return (await known(query)?.page(from, count)) ?? { from, rows: [] };
    },
    follow(params) {
      const { query, on } = logReaderRequests.follow.parse(params);
      const log = known(query);
      if (log === undefined) return Promise.resolve({});
      if (!on) {
        unfollow?.();
        unfollow = undefined;
      } else unfollow ??= follow(query, log);
      return Promise.resolve({});
    },
    analyse(params) {
      const { filter } = logReaderRequests.analyse.parse(params);
      const { signal } = ended;
      // One after the other: each reads everything.
      const result = analysing.then(() => analyseLogs({ folder, filter, signal }));
      analysing = result.catch(() => undefined);
      return result;
    },
    async files(params) {
      logReaderRequests.files.parse(params);
      const files = openLogFolder(folder);
      try {
        await files.refresh();
        return { folder, files: files.describe() };
      } finally {
        await files.close();
      }
    },
  };
  const ended = new AbortController();

  async function answer(method: string, params: unknown): Promise<Partial<ViewResponse>> {
    try {
      if (!isMethod(method)) {
        throw new CodedError("VALIDATION_ERROR", `There is no request ${JSON.stringify(method)}.`);
      }
      return { result: await handlers[method](params) };
    } catch (thrown) {
      const { code, message, remedy } = toError(thrown).toData();
      return { error: { code, message, remedy } };
    }
  }

  return {
    async receive(message) {
      const request = viewRequestSchema.safeParse(message);
      if (request.success) {
        const { id, method, params } = request.data;
        send({ kind: "response", id, ...(await answer(method, params)) });
        return;
      }
      const id = idOf(message);
      if (id === undefined) return;
      const { code, message: text, remedy } = toError(request.error).toData();
      send({ kind: "response", id, error: { code, message: text, remedy } });
    },
    async dispose() {
      ended.abort();
      await endCurrent();
    },
  };
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(logReaderRequests, method);
}

/** What zod says of parameters is the request's mistake. */
function toError(thrown: unknown): CodedError {
  return toCodedError(
    thrown,
    thrown instanceof Error && "issues" in thrown ? "VALIDATION_ERROR" : "LOG_UNREADABLE",
  );
}

function idOf(message: unknown): number | undefined {
  if (typeof message !== "object" || message === null || !("id" in message)) return undefined;
  return typeof message.id === "number" ? message.id : undefined;
}
