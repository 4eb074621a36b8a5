import { fork, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { logProgressSchema, type LogProgress } from "../../../server/protocol/logs.ts";
import { logReaderNodeArguments, viewMessageSchema } from "../../../server/protocol/webview.ts";

/** The log reader as the extension runs it. */
export interface ReaderProcess {
  /** @throws Error with the code where the reader answers with one. */
  request(method: string, params: object): Promise<unknown>;
  /** Settles when all matches of a query are counted. */
  counted(query: number): Promise<LogProgress>;
  /** The most memory it had so far, in bytes; undefined where the system does not say. */
  peakBytes(): number | undefined;
  /** Milliseconds of processor time so far; undefined where the system does not say. */
  processorMs(): number | undefined;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("../../../dist/logs.mjs", import.meta.url));

export function startReader(folder: string): ReaderProcess {
  const child: ChildProcess = fork(script, [folder], { execArgv: [...logReaderNodeArguments] });
  const waiting = new Map<number, (message: { result?: unknown; error?: unknown }) => void>();
  const done = new Map<number, LogProgress>();
  const onDone = new Map<number, (progress: LogProgress) => void>();
  let requests = 0;
  child.on("message", (raw) => {
    const message = viewMessageSchema.parse(raw);
    if (message.kind === "response") waiting.get(message.id)?.(message);
    if (message.kind !== "event" || message.name !== "progress") return;
    const progress = logProgressSchema.parse(message.data);
    if (!progress.done) return;
    done.set(progress.query, progress);
    onDone.get(progress.query)?.(progress);
  });
  const procFile = (name: string): string => {
    const path = `/proc/${child.pid ?? 0}/${name}`;
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return {
    request(method, params) {
      requests += 1;
      const id = requests;
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ result, error }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(JSON.stringify(error)));
        });
        child.send({ kind: "request", id, method, params });
      });
    },
    counted(query) {
      const known = done.get(query);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => onDone.set(query, resolve));
    },
    peakBytes() {
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(procFile("status"))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    },
    processorMs() {
      const fields = procFile("stat").split(") ")[1]?.split(" ");
      // In hundredths of a second on every Linux that runs Node.
      return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async stop() {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await exited;
    },
  };
}
