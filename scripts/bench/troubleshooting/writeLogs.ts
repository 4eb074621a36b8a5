import { closeSync, mkdtempSync, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a log of a working day holds, over and over: mostly requests, now and then a failure. */
export interface WrittenLogs {
  readonly folder: string;
  readonly bytes: number;
  readonly records: number;
  /** One of the requests in the middle. */
  readonly requestId: string;
}

const files = ["server-4101", "server-4102", "host-4200", "server-4103", "host-4300"];

/** Numbers from 0 to 1, the same each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Writes logs of this size into a new temporary folder, the same records each time. */
export function writeLogs(bytes: number): WrittenLogs {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-logs-"));
  const random = createRandom(7);
  const outputs = files.map((name) => openSync(join(folder, `${name}.jsonl`), "w"));
  const waiting = files.map((): string[] => []);
  let time = Date.UTC(2026, 0, 5, 8);
  let written = 0;
  let records = 0;
  let requestId = "";
  while (written < bytes) {
    time += Math.floor(random() * 40);
    const file = Math.floor(random() * files.length);
    const id = `r${records.toString(36)}-${Math.floor(random() * 1e9).toString(36)}`;
    if (requestId === "" && written > bytes / 2) requestId = id;
    const line = `${JSON.stringify(recordAt(time, id, file, random))}\n`;
    written += line.length;
    records += 1;
    const lines = waiting[file];
    if (lines !== undefined && lines.push(line) >= 1000) flush(outputs[file], lines);
  }
  outputs.forEach((output, file) => {
    flush(output, waiting[file] ?? []);
    closeSync(output);
  });
  return { folder, bytes: written, records, requestId };
}

function flush(output: number | undefined, lines: string[]): void {
  if (output !== undefined) writeSync(output, lines.splice(0).join(""));
}

function recordAt(time: number, requestId: string, file: number, random: () => number): object {
  const kind = random();
  const head = { time: new Date(time).toISOString(), pid: 4000 + file };
  if (kind < 0.004) {
    return {
      level: "error",
      ...head,
      service: "host",
      requestId,
      code: random() < 0.5 ? "TIMEOUT_ERROR" : "MEMORY_ERROR",
      detail: "The model did not answer within the time allowed. 600 ms",
      message: "failed",
    };
  }
  if (kind < 0.02) {
    const detail = "read ECONNRESET";
    return { level: "warn", ...head, service: "server", detail, message: "lost the model host" };
  }
  if (kind < 0.5) {
    return { level: "debug", ...head, service: "host", requestId, slot: 2, message: "slot chosen" };
  }
  return {
    level: "info",
    ...head,
    service: kind < 0.9 ? "completion" : "review",
    requestId,
    trigger: "automatic",
    source: "model",
    probability: Number(random().toFixed(3)),
    durationMs: Number((40 + random() * random() * 900).toFixed(1)),
    tokensUsed: 20 + Math.floor(random() * 700),
    queueMs: Number(random().toFixed(2)),
    prefillMs: Number((random() * 90).toFixed(1)),
    decodeMs: Number((random() * 300).toFixed(1)),
    message: "completion",
  };
}
