import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createDispatcher } from "../../server/network/dispatcher.ts";
import { placesOf, type DownloadPlaces } from "../../server/models/download/places.ts";
import { work, type WorkOptions } from "../../server/models/download/work.ts";
import { createLogger } from "../../server/logs/logger.ts";
import type { DownloadRequest, DownloadState } from "../../server/protocol/models.ts";
import { bytesOf, startLoopbackHub, type LoopbackHub } from "./loopbackHub.ts";
import { smallGguf } from "./smallGguf.ts";

/** A home to download into, in this process, from a hub of its own. */
export interface DownloadPlace {
  readonly hub: LoopbackHub;
  readonly homePath: string;
  readonly models: string;
  readonly places: DownloadPlaces;
  /** Lines of the log. */
  readonly logged: string[];
  /** Downloads with short waits; changes go before what is usual here. */
  readonly run: (changes?: Partial<WorkOptions>) => Promise<DownloadState>;
  /** A file of the folder of models. */
  readonly read: (name: string) => Buffer;
  remove(): Promise<void>;
}

export const repository = "someone/small-GGUF";
export const smallFile = "small.Q8_0.gguf";

export const smallRequest: DownloadRequest = {
  id: "small",
  name: "Small",
  source: { kind: "hub", repository, revision: "main", file: "small.{quantization}.gguf" },
  quantization: "Q8_0",
  force: false,
};

/** One for a test, gone after it. By default the hub has a small model. */
export async function openDownloadPlace(
  files: Readonly<Record<string, Uint8Array>> = { [smallFile]: smallGguf() },
  options: DownloadPlaceOptions = {},
): Promise<DownloadPlace> {
  const place = await createDownloadPlace(files, options);
  onTestFinished(() => place.remove());
  return place;
}

interface DownloadPlaceOptions {
  readonly gated?: boolean;
  readonly token?: string;
  readonly stallMs?: number;
  readonly firstAnswerMs?: number;
}

/** @param files by their path in the hub's repository */
async function createDownloadPlace(
  files: Readonly<Record<string, Uint8Array>>,
  options: DownloadPlaceOptions,
): Promise<DownloadPlace> {
  const contents = new Map(Object.entries(files).map(([path, bytes]) => [path, bytesOf(bytes)]));
  const hub = await startLoopbackHub({
    repositories: [{ name: repository, files: contents, gated: options.gated === true }],
  });
  const homePath = mkdtempSync(join(tmpdir(), "starcoder-download-"));
  const places = placesOf(homePath, smallRequest.id);
  mkdirSync(places.folder, { recursive: true });
  const dispatcher = createDispatcher({ env: {} });
  const logged: string[] = [];
  const log = createLogger({
    service: "server",
    sinks: [{ write: (record) => void logged.push(JSON.stringify(record)) }],
    level: () => "debug",
    now: () => new Date(),
  });
  const { token, stallMs = 5000, firstAnswerMs } = options;
  return {
    hub,
    homePath,
    models: join(homePath, "models"),
    places,
    logged,
    async run(changes = {}) {
      const state = await work({
        homePath,
        places,
        request: smallRequest,
        network: {
          ...{ dispatcher, hub: hub.url, token, stallMs, firstAnswerMs },
          answered: new Set(),
          now: () => Date.now(),
        },
        connections: 3,
        pieceBytes: 32 * 1024,
        saveEveryMs: 20,
        patience: { random: () => 0, firstMs: 2, longestMs: 4, mostTries: 5 },
        signal: new AbortController().signal,
        log,
        now: () => Date.now(),
        ...changes,
      });
      if (state === undefined) throw new Error("Another process downloads.");
      return state;
    },
    read: (name) => readFileSync(join(homePath, "models", name)),
    async remove() {
      await dispatcher.destroy();
      await hub.stop();
      rmSync(homePath, { recursive: true, force: true });
    },
  };
}
