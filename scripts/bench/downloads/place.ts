import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { downloadModel } from "../../../server/models/download/download.ts";
import type { DownloadRequest, DownloadState } from "../../../server/protocol/models.ts";
import { smallGguf } from "../../../test/support/smallGguf.ts";

/** A large model file and a server of it, in a process of its own. */
export interface DownloadBench {
  readonly folder: string;
  readonly sizeBytes: number;
  /** Of the file. */
  readonly url: string;
  /** Downloads it into a home. */
  readonly download: (
    homePath: string,
    options?: {
      readonly connections?: number;
      readonly signal?: AbortSignal;
      readonly onState?: (state: DownloadState) => void;
    },
  ) => Promise<DownloadState>;
  readonly stop: () => Promise<void>;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const repository = "bench/large-GGUF";

export async function createDownloadBench(bytes: number): Promise<DownloadBench> {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const path = join(folder, "large.gguf");
  const { sha256, sizeBytes } = writeLarge(path, bytes);
  const server = await startServer(path, sha256);
  process.env["HF_ENDPOINT"] = server.url;
  const request: DownloadRequest = {
    id: "large",
    name: "Large",
    source: { kind: "hub", repository, revision: "main", file: "large.{quantization}.gguf" },
    quantization: "Q8_0",
    force: false,
  };
  return {
    folder,
    sizeBytes,
    url: `${server.url}/${repository}/resolve/main/large.Q8_0.gguf`,
    download: (homePath, { connections = 4, signal, onState } = {}) =>
      downloadModel({
        ...{ homePath, request, connections },
        script: join(root, "dist", "download.mjs"),
        signal: signal ?? new AbortController().signal,
        onState: (state) => onState?.(state),
      }),
    stop: server.stop,
  };
}

/** A true header, then noise: a piece of it over and over, shifted, so that no part is like another. */
function writeLarge(path: string, bytes: number): { sha256: string; sizeBytes: number } {
  const weights = Math.floor(bytes / 4);
  const start = smallGguf({ weights: 1_000_000, claimed: BigInt(weights) });
  const header = start.length - 4_000_000;
  const noise = start.subarray(header);
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  let written = 0;
  const write = (piece: Uint8Array) => {
    hash.update(piece);
    writeSync(file, piece);
    written += piece.length;
  };
  write(start.subarray(0, header));
  for (let left = weights * 4; left > 0;) {
    noise.writeUInt32LE(written >>> 0, 0);
    const piece = noise.subarray(0, Math.min(left, noise.length));
    write(piece);
    left -= piece.length;
  }
  closeSync(file);
  return { sha256: hash.digest("hex"), sizeBytes: written };
}

async function startServer(
  path: string,
  sha256: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const script = join(root, "test", "support", "loopbackHub.ts");
  const args = ["--import", "tsx", script, "--file", path, "--sha256", sha256];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("The server has no output.");
  const [url] = await new Promise<[string]>((resolve, reject) => {
    createInterface({ input: child.stdout ?? process.stdin }).once("line", (line) =>
      resolve([line]),
    );
    child.once("exit", () => reject(new Error("The server ended.")));
  });
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill();
      }),
  };
}

/** The record with this message in a home's download logs, once its process has written it. */
export async function loggedRecord(
  homePath: string,
  message: string,
): Promise<Record<string, unknown>> {
  const folder = join(homePath, "logs");
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const line = readdirSync(folder)
      .filter((name) => name.startsWith("download-"))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
      .find((text) => text.includes(JSON.stringify(message)));
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
    await delay(100);
  }
  throw new Error(`The log does not say "${message}".`);
}

/** A figure of `/proc/PID/FILE`; 0 where it cannot be read. */
export function procFigure(pid: number, file: "status" | "io", name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
