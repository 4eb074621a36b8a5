import { rmSync } from "node:fs";
import { z } from "zod";
import { logPageSchema, logProgressSchema, type LogFilter } from "../../../server/protocol/logs.ts";
import { startReader, type ReaderProcess } from "./readerProcess.ts";
import { writeLogs } from "./writeLogs.ts";

const megabyte = 1e6;
const firstPageBarMs = 300;
const filterBarMs = 2000;
const answerSchema = z.object({
  query: z.number(),
  page: logPageSchema,
  progress: logProgressSchema,
});

/** The log viewer's process on 200 MB of logs: first page, filters, memory. */
export async function benchLogViewer(
  print: (line: string) => void = console.log,
  bytes = 200 * megabyte,
): Promise<void> {
  const logs = writeLogs(bytes);
  const reader = startReader(logs.folder);
  try {
    // The process is up: its start is measured with the view.
    await reader.request("files", {});
    print(`log viewer, ${Math.round(logs.bytes / megabyte)} MB, ${logs.records} records`);
    const filters: readonly (readonly [string, LogFilter])[] = [
      ["all records", {}],
      ["text", { text: "econnreset" }],
      ["text that most have", { text: "COMPLETION" }],
      ["level", { level: "warn" }],
      ["request id", { requestId: logs.requestId }],
      ["text that none has", { text: "no such words" }],
    ];
    for (const [name, filter] of filters) {
      const { pageMs, allMs, processorMs, matches } = await timeQuery(reader, filter);
      const processor = processorMs === undefined ? "" : `, ${processorMs} ms of processor time`;
      print(
        `  ${name}: first page ${pageMs.toFixed(0)} ms (bar: ${firstPageBarMs}), all ${matches} in ${allMs.toFixed(0)} ms (bar: ${filterBarMs})${processor}`,
      );
    }
    const peak = reader.peakBytes();
    if (peak !== undefined) {
      print(`  memory: ${(peak / megabyte).toFixed(0)} MB at most (bar: 100 MB)`);
    }
  } finally {
    await reader.stop();
    rmSync(logs.folder, { recursive: true, force: true });
  }
}

async function timeQuery(reader: ReaderProcess, filter: LogFilter) {
  const before = reader.processorMs();
  const start = performance.now();
  const answer = answerSchema.parse(await reader.request("query", { filter, count: 200 }));
  const pageMs = performance.now() - start;
  const { matches } = await reader.counted(answer.query);
  const allMs = performance.now() - start;
  // What the viewer does next: the newest rows, now with their numbers.
  const from = Math.max(0, matches - 200);
  const page = logPageSchema.parse(
    await reader.request("page", { query: answer.query, from, count: 200 }),
  );
  if (page.rows.length !== Math.min(200, matches)) throw new Error("A page is not whole.");
  const after = reader.processorMs();
  const processorMs = before === undefined || after === undefined ? undefined : after - before;
  return { pageMs, allMs, processorMs, matches };
}
