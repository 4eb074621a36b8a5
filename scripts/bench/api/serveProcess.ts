import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { apiRecordSchema } from "../../../server/protocol/api.ts";

/** A `starcoder serve` of its own process, and how it is called. */
export interface ServeProcess {
  readonly pid: number;
  /** Sends a body; the answer, read to its end. */
  post(path: string, body: object): Promise<{ status: number; retryAfter: string | null }>;
  stop(): Promise<void>;
}

/** Starts it in a home at a port. */
export async function startServe(home: string, port: number): Promise<ServeProcess> {
  const child = spawn(
    process.execPath,
    ["dist/cli.mjs", "serve", "--port", String(port), "--json"],
    { env: { ...process.env, STARCODER_HOME: home }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { address = "", keyFile } = apiRecordSchema.parse(JSON.parse(line.toString()));
  const headers = {
    Authorization: `Bearer ${readFileSync(keyFile, "utf8").trim()}`,
    "Content-Type": "application/json",
  };
  return {
    pid: child.pid ?? 0,
    async post(path, body) {
      const request = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(address + path, request);
      await response.arrayBuffer();
      return { status: response.status, retryAfter: response.headers.get("retry-after") };
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
