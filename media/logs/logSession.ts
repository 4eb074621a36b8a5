import { z } from "zod";
import {
  logPageSchema,
  logProgressSchema,
  logRowSchema,
  type LogFilter,
  type LogProgress,
  type LogRow,
} from "../../server/protocol/logs.ts";
import type { ViewEvent } from "../../server/protocol/webview.ts";

/** How the log reader is asked; a view's bridge is one. */
export interface ReaderChannel {
  request(method: string, params: object): Promise<unknown>;
  onEvent(listener: (event: ViewEvent) => void): () => void;
}

/** How a query stands. Each change makes a new one. */
export interface LogSessionState {
  /** Counts queries that were answered; the list starts anew with each. */
  readonly generation: number;
  readonly asking: boolean;
  /** Rows that can be asked for by index, oldest first. */
  readonly total: number;
  /** Rows that came to stand before those known first, when older ones were counted. */
  readonly prepended: number;
  /** Whether `total` is all there is; before, it is the newest rows. */
  readonly counted: boolean;
  readonly progress: LogProgress | undefined;
  /** Whether new records are added as they are written. */
  readonly live: boolean;
  /** What the log reader threw; it is asked nothing more until the next query. */
  readonly failure: unknown;
}

/** The rows of one query at a time, fetched as they come into view. */
export interface LogSession {
  readonly state: LogSessionState;
  /** undefined: not fetched yet. */
  row(index: number): LogRow | undefined;
  /** Says which rows are in view: those that are missing are fetched. */
  show(from: number, to: number): void;
  query(filter: LogFilter): Promise<void>;
  setLive(live: boolean): void;
  /** Rows from the newest back, for copying. */
  newest(count: number): Promise<readonly LogRow[]>;
  onChange(listener: () => void): () => void;
  dispose(): void;
}

const firstRows = 300;
const pageRows = 200;
/** Rows kept; those far from the view go when there are more. */
const mostRows = 20_000;

const queryResultSchema = z.object({
  query: z.number(),
  page: logPageSchema,
  progress: logProgressSchema,
});
const newRowsSchema = z.object({ query: z.number(), rows: z.array(logRowSchema) });

export function createLogSession(channel: ReaderChannel): LogSession {
  const listeners = new Set<() => void>();
  const rows = new Map<number, LogRow>();
  const asked = new Set<number>();
  let query: number | undefined;
  let queries = 0;
  let view = { from: 0, to: 0 };
  let state: LogSessionState = {
    generation: 0,
    asking: false,
    total: 0,
    prepended: 0,
    counted: false,
    progress: undefined,
    live: true,
    failure: undefined,
  };

  function set(change: Partial<LogSessionState>): void {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  }

  function put(from: number, page: readonly LogRow[]): void {
    page.forEach((row, index) => rows.set(from + index, row));
    if (rows.size <= mostRows) return;
    const { from: first, to: last } = view;
    for (const index of rows.keys()) {
      if (index < first - mostRows / 4 || index > last + mostRows / 4) rows.delete(index);
    }
  }

  /** All is counted: what was shown as the newest rows stands at the end. */
  function settle(progress: LogProgress): void {
    const shift = Math.max(0, progress.matches - state.total);
    const known = [...rows];
    rows.clear();
    for (const [index, row] of known) rows.set(index + shift, row);
    view = { from: view.from + shift, to: view.to + shift };
    set({
      counted: true,
      total: progress.matches,
      prepended: state.prepended + shift,
      progress,
    });
    fetchMissing();
  }

  function onProgress(progress: LogProgress): void {
    if (progress.query !== query) return;
    if (!state.counted && progress.done) settle(progress);
    else set({ progress });
  }

  function onRows(added: { query: number; rows: readonly LogRow[] }): void {
    if (added.query !== query || !state.counted) return;
    put(state.total, added.rows);
    set({ total: state.total + added.rows.length });
  }

  function fail(of: number, failure: unknown): void {
    if (of === queries) set({ failure, asking: false });
  }

  function fetchMissing(): void {
    if (query === undefined || !state.counted || state.failure !== undefined) return;
    const last = Math.min(view.to, state.total);
    const firstPage = Math.floor(view.from / pageRows);
    for (let page = firstPage; page * pageRows < last; page += 1) {
      if (!asked.has(page) && isMissing(page, last)) void fetchPage(query, page);
    }
  }

  function isMissing(page: number, last: number): boolean {
    const to = Math.min((page + 1) * pageRows, last);
    for (let index = Math.max(page * pageRows, view.from); index < to; index += 1) {
      if (!rows.has(index)) return true;
    }
    return false;
  }

  async function fetchPage(number: number, page: number): Promise<void> {
    const of = queries;
    asked.add(page);
    try {
      const answer = await channel.request("page", {
        query: number,
        from: page * pageRows,
        count: pageRows,
      });
      if (of !== queries) return;
      const { from, rows: found } = logPageSchema.parse(answer);
      put(from, found);
      // A page that lacks rows although they are counted is not asked for again and again.
      if (found.length > 0) asked.delete(page);
      set({});
      fetchMissing();
    } catch (thrown) {
      fail(of, thrown);
    }
  }

  function follow(on: boolean): void {
    const of = queries;
    if (query === undefined) return;
    channel.request("follow", { query, on }).catch((thrown: unknown) => fail(of, thrown));
  }

  const stop = channel.onEvent(({ name, data }) => {
    if (name === "progress") {
      const progress = logProgressSchema.safeParse(data).data;
      if (progress !== undefined) onProgress(progress);
    } else if (name === "rows") {
      const added = newRowsSchema.safeParse(data).data;
      if (added !== undefined) onRows(added);
    }
  });

  return {
    get state() {
      return state;
    },
    row: (index) => rows.get(index),
    show(from, to) {
      view = { from, to };
      fetchMissing();
    },
    async query(filter) {
      query = undefined;
      asked.clear();
      queries += 1;
      const of = queries;
      set({ asking: true, failure: undefined });
      try {
        const answer = await channel.request("query", { filter, count: firstRows });
        if (of !== queries) return;
        const { query: number, page, progress } = queryResultSchema.parse(answer);
        query = number;
        rows.clear();
        view = { from: 0, to: 0 };
        const from = Math.max(0, page.from);
        put(from, page.rows);
        const counted = page.from >= 0;
        set({
          generation: state.generation + 1,
          asking: false,
          counted,
          total: counted ? Math.max(progress.matches, from + page.rows.length) : page.rows.length,
          prepended: 0,
          progress,
        });
        if (state.live) follow(true);
      } catch (thrown) {
        fail(of, thrown);
      }
    },
    setLive(live) {
      if (live === state.live) return;
      set({ live });
      follow(live);
    },
    async newest(count) {
      const from = Math.max(0, state.total - count);
      if (query === undefined || !state.counted) {
        return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
      }
      const found: LogRow[] = [];
      for (let at = from; at < state.total; at += 1000) {
        const size = Math.min(1000, state.total - at);
        const answer = await channel.request("page", { query, from: at, count: size });
        found.push(...logPageSchema.parse(answer).rows);
      }
      return found;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      stop();
      listeners.clear();
    },
  };
}
