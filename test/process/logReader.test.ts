import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  logAnalysisSchema,
  logFileSchema,
  logPageSchema,
  logProgressSchema,
  logRowSchema,
} from "../../server/protocol/logs.ts";
import {
  logReaderNodeArguments,
  viewMessageSchema,
  type ViewMessage,
} from "../../server/protocol/webview.ts";
import { createTestLogs, entryAt, toLine, type TestLogs } from "../support/logFolder.ts";

const script = fileURLToPath(new URL("../../dist/logs.mjs", import.meta.url));
const answerSchema = z.object({
  query: z.number(),
  page: logPageSchema,
  progress: logProgressSchema,
});
const rowsSchema = z.object({ query: z.number(), rows: z.array(logRowSchema) });

let logs: TestLogs;
let children: ChildProcess[];

beforeEach(() => {
  logs = createTestLogs();
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
  logs.remove();
});

function appendLine(name: string, seconds: number): void {
  logs.append(name, `${toLine(entryAt(seconds))}\n`);
}

describe("the log reader's process", () => {
  function start() {
    const child = fork(script, [logs.path], { execArgv: [...logReaderNodeArguments] });
    children.push(child);
    const received: ViewMessage[] = [];
    const listeners = new Set<() => void>();
    child.on("message", (message) => {
      received.push(viewMessageSchema.parse(message));
      for (const listener of [...listeners]) listener();
    });
    async function until<T>(find: (message: ViewMessage) => T | undefined): Promise<T> {
      for (let at = 0; ; at += 1) {
        if (at === received.length) {
          await new Promise<void>((resolve) => {
            const listener = (): void => {
              listeners.delete(listener);
              resolve();
            };
            listeners.add(listener);
          });
        }
        const message = received[at];
        const found = message === undefined ? undefined : find(message);
        if (found !== undefined) return found;
      }
    }
    let ids = 0;
    return {
      child,
      received,
      until,
      send: (message: object) => void child.send(message),
      async request(method: string, params: unknown) {
        ids += 1;
        const id = ids;
        child.send({ kind: "request", id, method, params });
        return until((message) =>
          message.kind === "response" && message.id === id ? message : undefined,
        );
      },
      rowsOf(query: number, count: number): Promise<string[]> {
        const rows: string[] = [];
        return until((message) => {
          if (message.kind !== "event" || message.name !== "rows") return undefined;
          const batch = rowsSchema.parse(message.data);
          if (batch.query === query) rows.push(...batch.rows.map(({ record }) => record.message));
          return rows.length >= count ? rows : undefined;
        });
      },
    };
  }

  it("answers a query, pages, files and an analysis", async () => {
    logs.write("a.jsonl", ...[1, 2, 3].map((seconds) => entryAt(seconds, { durationMs: 5 })));
    const reader = start();
    const asked = await reader.request("query", { filter: {}, count: 2 });
    const { query, page, progress } = answerSchema.parse(asked.result);
    expect(page.rows.map(({ record }) => record.message)).toEqual(["record 2", "record 3"]);
    expect(progress.matches).toBe(3);
    await reader.until((message) =>
      message.kind === "event" && message.name === "progress" ? message : undefined,
    );
    const first = await reader.request("page", { query, from: 0, count: 1 });
    expect(logPageSchema.parse(first.result).rows).toHaveLength(1);
    const files = await reader.request("files", {});
    const listed = z
      .object({ folder: z.string(), files: z.array(logFileSchema) })
      .parse(files.result);
    expect(listed).toMatchObject({
      folder: logs.path,
      files: [{ path: join(logs.path, "a.jsonl") }],
    });
    const analysed = await reader.request("analyse", { filter: { services: ["completion"] } });
    expect(logAnalysisSchema.parse(analysed.result).latency["completion"]?.count).toBe(3);
  });

  it("tells of new rows while followed, across a rotation, and of none once it is not", async () => {
    logs.write("a.jsonl", entryAt(1));
    const reader = start();
    const asked = await reader.request("query", { filter: {}, count: 10 });
    const { query } = answerSchema.parse(asked.result);
    expect((await reader.request("follow", { query, on: true })).result).toEqual({});
    appendLine("a.jsonl", 2);
    renameSync(join(logs.path, "a.jsonl"), join(logs.path, "a.1.jsonl"));
    appendLine("a.jsonl", 3);
    expect(await reader.rowsOf(query, 2)).toEqual(["record 2", "record 3"]);
    const counted = await reader.until((message) => {
      if (message.kind !== "event" || message.name !== "progress") return undefined;
      const progress = logProgressSchema.parse(message.data);
      return progress.matches === 3 ? progress : undefined;
    });
    expect(counted.done).toBe(true);
    await reader.request("follow", { query, on: false });
    appendLine("a.jsonl", 4);
    const again = answerSchema.parse(
      (await reader.request("query", { filter: { text: "record" }, count: 10 })).result,
    );
    expect(again.progress.matches).toBe(4);
    await reader.request("follow", { query: again.query, on: true });
    appendLine("a.jsonl", 5);
    expect(await reader.rowsOf(again.query, 1)).toEqual(["record 5"]);
    const old = reader.received.flatMap((message) => {
      if (message.kind !== "event" || message.name !== "rows") return [];
      const batch = rowsSchema.parse(message.data);
      return batch.query === query ? batch.rows : [];
    });
    expect(old).toHaveLength(2);
  });

  it("ends a query when the next one comes, and answers both", async () => {
    const line = entryAt(1, { detail: "d".repeat(900) });
    logs.write("a.jsonl", ...Array.from({ length: 12_000 }, () => line));
    const reader = start();
    const [first, second] = await Promise.all([
      reader.request("query", { filter: {}, count: 5 }),
      reader.request("query", { filter: { text: "record" }, count: 5 }),
    ]);
    expect(answerSchema.parse(first.result).query).toBe(1);
    expect(answerSchema.parse(second.result).query).toBe(2);
    const over = await reader.request("page", { query: 1, from: 0, count: 5 });
    expect(over.result).toEqual({ from: 0, rows: [] });
    const page = await reader.request("page", { query: 2, from: 11_999, count: 5 });
    expect(logPageSchema.parse(page.result).rows).toHaveLength(1);
  });

  it.each([
    ["an unknown request", "delete", {}],
    ["a request named like what every object has", "constructor", {}],
    ["wrong parameters", "query", { filter: { level: "loud" }, count: 5 }],
    ["too many rows", "query", { filter: {}, count: 1e9 }],
    ["no parameters", "page", undefined],
    ["a query that there never was", "page", { query: 99, from: 0, count: 1 }],
  ])("answers %s with an error from the table, and goes on", async (_name, method, params) => {
    const reader = start();
    const { error, result } = await reader.request(method, params);
    expect(error?.code).toBe("VALIDATION_ERROR");
    expect(error?.remedy).not.toBe("");
    expect(result).toBeUndefined();
    expect((await reader.request("files", {})).error).toBeUndefined();
  });

  it("passes over what is no request", async () => {
    const reader = start();
    reader.send(["nonsense"]);
    reader.send({ kind: "event", name: "rows", data: 1 });
    reader.send({ kind: "request", id: 77 });
    const answer = await reader.until((message) =>
      message.kind === "response" ? message : undefined,
    );
    expect(answer).toMatchObject({ id: 77, error: { code: "VALIDATION_ERROR" } });
  });

  it("says what cannot be read", async () => {
    const file = logs.write("a.jsonl");
    const child = fork(script, [file], { execArgv: [...logReaderNodeArguments] });
    children.push(child);
    const answered = once(child, "message");
    child.send({ kind: "request", id: 1, method: "query", params: { filter: {}, count: 1 } });
    const [answer] = z
      .tuple([viewMessageSchema])
      .rest(z.unknown())
      .parse(await answered);
    expect(answer).toMatchObject({ id: 1, error: { code: "LOG_UNREADABLE" } });
  });

  it("ends with its channel", async () => {
    const reader = start();
    const { child } = reader;
    await reader.request("files", {});
    const exited = once(child, "exit");
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });
});
