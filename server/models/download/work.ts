import { rmSync, watch, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { toCodedError } from "../../protocol/errors.ts";
import type { DownloadState } from "../../protocol/models.ts";
import { failureFields } from "../../logs/failureFields.ts";
import type { Logger } from "../../logs/logger.ts";
import { takeHold, type Hold } from "../../state/soleHolder.ts";
import { diskFailure } from "./diskFailure.ts";
import { fetchModel, type FetchModelOptions } from "./fetchModel.ts";
import { removeParts } from "./partFile.ts";
import type { DownloadPlaces } from "./places.ts";
import { createProgress } from "./progress.ts";
import { isDownloading, readState, readWanted, writeState } from "./states.ts";

export interface WorkOptions extends Omit<FetchModelOptions, "progress"> {
  readonly log: Logger;
  readonly now: () => number;
}

/** Enough for a state, and for the list of what is there. */
const roomBytes = 256 * 1024;

/** Why a download is given up though nothing is wrong. */
class Stopped extends Error {
  readonly why: "pause" | "cancel" | "stop" | "lost";

  constructor(why: Stopped["why"]) {
    super(why);
    this.why = why;
  }
}

/**
 * Downloads for all windows: takes the lock, tells how it stands, does what is asked of it, and
 * leaves a last state. Undefined where another process downloads it already.
 */
export async function work(options: WorkOptions): Promise<DownloadState | undefined> {
  const { places, request, log, now } = options;
  const stop = new AbortController();
  const ask = (why: Stopped["why"]) => stop.abort(new Stopped(why));
  const hold = await takeOver(places, () => ask("lost"));
  if (hold === undefined) return undefined;
  const outer = () => ask("stop");
  options.signal.addEventListener("abort", outer, { once: true });
  const unwatch = watchWanted(places, ask);
  const progress = createProgress({
    request,
    pid: process.pid,
    now,
    write: (state) => writeState(places, state),
  });
  try {
    writeFileSync(places.room, Buffer.alloc(roomBytes, 1), { mode: 0o600 });
    dropOther(places, options);
    log.info("download begins", { model: request.id });
    const startedAt = performance.now();
    const model = await fetchModel({ ...options, progress, signal: stop.signal });
    const { path, sha256, ...bytes } = model;
    const durationMs = performance.now() - startedAt;
    log.info("download done", { model: request.id, ...bytes, durationMs });
    progress.phase("done", {
      receivedBytes: bytes.totalBytes,
      path,
      ...(sha256 === undefined ? {} : { sha256 }),
    });
  } catch (thrown) {
    progress.stop();
    rmSync(places.room, { force: true });
    end(thrown, options, progress);
  } finally {
    progress.stop();
    rmSync(places.room, { force: true });
    unwatch();
    options.signal.removeEventListener("abort", outer);
    await hold.release();
  }
  return progress.state;
}

/** The lock of a process that was killed grows old for a while before it can be had. */
async function takeOver(places: DownloadPlaces, onLost: () => void): Promise<Hold | undefined> {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const abandoned = !isDownloading(places);
    const hold = await takeHold(places.lock, { abandoned, onLost });
    if (hold !== undefined || !abandoned) return hold;
    await delay(400);
  }
  return undefined;
}

function end(
  thrown: unknown,
  { places, request, log }: WorkOptions,
  progress: ReturnType<typeof createProgress>,
): void {
  if (!(thrown instanceof Stopped)) {
    const error = toCodedError(diskFailure(places.folder, thrown));
    log.error("download failed", { model: request.id, ...failureFields(error) });
    quietly(() => progress.failed(error));
    return;
  }
  log.info("download stopped", { model: request.id, why: thrown.why });
  // Another process has taken it over: what is said of it is that one's to say.
  if (thrown.why === "lost") return;
  if (thrown.why === "cancel") {
    removeParts(places);
    quietly(() => progress.phase("cancelled", { receivedBytes: 0 }));
  } else quietly(() => progress.phase("paused"));
}

/** A full disk may not even take the last words. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // Whoever follows sees that the process has ended.
  }
}

/** Bytes of another model under this id are of no use. */
function dropOther(places: DownloadPlaces, { request }: WorkOptions): void {
  const before = readState(places)?.request;
  if (before === undefined) return;
  const keyOf = ({ source, quantization }: typeof before) => JSON.stringify([source, quantization]);
  if (keyOf(before) !== keyOf(request)) removeParts(places);
}

function watchWanted(places: DownloadPlaces, ask: (why: "pause" | "cancel") => void): () => void {
  const look = () => {
    const wanted = readWanted(places);
    if (wanted !== "run") ask(wanted);
  };
  // Some file systems tell no changes.
  const timer = setInterval(look, 1000);
  let close: () => void = () => undefined;
  try {
    const watcher = watch(places.folder, look);
    watcher.on("error", () => watcher.close());
    close = () => watcher.close();
  } catch {
    // The timer looks.
  }
  look();
  return () => {
    clearInterval(timer);
    close();
  };
}
