import { setTimeout as delay } from "node:timers/promises";
import { CodedError } from "../../protocol/errors.ts";
import { connectionFailure, NetworkError } from "../../network/failures.ts";
import { discard } from "../../network/follow.ts";
import { isWorthAnotherTry, type Patience, type Wait } from "./patience.ts";
import type { PartFile } from "./partFile.ts";
import type { Range } from "./ranges.ts";
import type { RangeAnswer, RangeReader, RemoteFile } from "./remoteFile.ts";

export interface FetchOptions {
  readonly file: RemoteFile;
  readonly reader: RangeReader;
  readonly part: PartFile;
  readonly connections: number;
  readonly pieceBytes: number;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  /** Seconds until the next try; undefined when it begins. */
  readonly onWaiting: (
    seconds: number | undefined,
    failure?: CodedError,
    tries?: Wait["tries"],
  ) => void;
}

/** Bytes that are written together. */
const batchBytes = 512 * 1024;
/** Batches of one connection that may be on their way to the disk before it has to wait. */
const mostWriting = 2;

/**
 * Fetches what is missing of a file, over several connections, from its beginning to its end, so
 * that the hash can follow. Settles when all is on the disk.
 * @throws what `patience` does not bear, what the disk says, and the signal's reason
 */
export async function fetchFile(options: FetchOptions): Promise<void> {
  const { part, pieceBytes, connections, signal } = options;
  const queue = part.missing(pieceBytes);
  if (queue.length === 0) return;
  const stop = new AbortController();
  const aborted = () => stop.abort(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  if (signal.aborted) aborted();
  const shared: Shared = {
    ...options,
    queue,
    stop,
    sequential: false,
    running: 0,
    gate: undefined,
  };
  try {
    const count = Math.min(connections, queue.length);
    const all = Array.from({ length: count }, () => runConnection(shared));
    const failed = (await Promise.allSettled(all)).find((end) => end.status === "rejected");
    if (signal.aborted) throw signal.reason;
    if (failed !== undefined) throw failed.reason;
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}

interface Shared extends FetchOptions {
  readonly queue: Range[];
  /** Ends all connections: one has failed for good. */
  readonly stop: AbortController;
  /** The server ignores ranges: one connection reads the whole file. */
  sequential: boolean;
  running: number;
  /** While all wait before another try. */
  gate: Promise<void> | undefined;
}

async function runConnection(shared: Shared): Promise<void> {
  const { queue, stop, patience } = shared;
  shared.running += 1;
  try {
    for (;;) {
      await shared.gate;
      stop.signal.throwIfAborted();
      if (shared.sequential && shared.running > 1) return;
      const piece = queue.shift();
      if (piece === undefined) return;
      const done = { at: piece.from };
      try {
        await fetchPiece(shared, piece, done);
      } catch (thrown) {
        stop.signal.throwIfAborted();
        if (done.at < piece.to) putBack(queue, { from: done.at, to: piece.to });
        // Others get on: this connection is one more than the server likes.
        if (isBusy(thrown) && shared.running > 1) return;
        // What ends one connection ends them all at once, mostly: it counts once.
        if (shared.gate !== undefined && isWorthAnotherTry(thrown)) continue;
        shared.gate = waitBefore(shared, patience.afterFailure(thrown), thrown);
      }
    }
  } catch (thrown) {
    stop.abort(thrown);
    throw thrown;
  } finally {
    shared.running -= 1;
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof NetworkError && thrown.code === "HUB_BUSY";
}

function putBack(queue: Range[], rest: Range): void {
  const index = queue.findIndex(({ from }) => from > rest.from);
  queue.splice(index === -1 ? queue.length : index, 0, rest);
}

async function waitBefore(shared: Shared, { ms, tries }: Wait, thrown: unknown): Promise<void> {
  shared.onWaiting(ms / 1000, thrown instanceof CodedError ? thrown : undefined, tries);
  try {
    await delay(ms, undefined, { signal: shared.stop.signal });
  } catch {
    // Aborted: whoever waits sees it.
  }
  shared.gate = undefined;
  shared.onWaiting(undefined);
}

async function fetchPiece(shared: Shared, piece: Range, done: { at: number }): Promise<void> {
  const { reader, stop, queue } = shared;
  const answer = await reader.open(piece, stop.signal);
  if (!answer.isWhole) {
    await receive(shared, answer, [piece], done);
    return;
  }
  shared.sequential = true;
  // What other connections have in hand they put back or finish; what is left comes in one go.
  const pieces = [piece, ...queue.splice(0)];
  try {
    await receive(shared, answer, pieces, done);
  } finally {
    for (const left of pieces) {
      if (left !== piece && left.to > done.at) {
        putBack(queue, { from: Math.max(left.from, done.at), to: left.to });
      }
    }
  }
}

/** Writes what of the body belongs to the pieces, which are in order; `done.at` follows the disk. */
async function receive(
  shared: Shared,
  { body, from }: RangeAnswer,
  pieces: readonly Range[],
  done: { at: number },
): Promise<void> {
  const { part, patience, onBytes, file } = shared;
  const writing = new Set<Promise<void>>();
  let failure: Error | undefined;
  let index = 0;
  let at = from;
  let batch = part.begin(pieces[0]?.from ?? from);

  const flush = (): void => {
    const full = batch;
    batch = part.begin(full.at + full.length);
    if (full.length === 0) return;
    const written = part.write(full).then(
      () => {
        done.at = Math.max(done.at, full.at + full.length);
      },
      (thrown: unknown) => {
        failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      },
    );
    writing.add(written);
    void written.then(() => writing.delete(written));
  };

  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const start = at;
      at += chunk.length;
      for (let piece = pieces[index]; piece !== undefined; piece = pieces[index]) {
        const taken = chunk.subarray(
          Math.max(0, piece.from - start),
          Math.max(0, piece.to - start),
        );
        if (taken.length > 0) {
          const place = Math.max(piece.from, start);
          if (batch.at + batch.length !== place) {
            flush();
            batch = part.begin(place);
          }
          part.add(batch, taken);
          patience.progressed();
          onBytes(taken.length);
        }
        if (at < piece.to) break;
        index += 1;
      }
      if (batch.length >= batchBytes) flush();
      while (writing.size >= mostWriting) await Promise.race(writing);
      if (failure !== undefined) throw failure;
      if (index >= pieces.length) break;
    }
  } catch (thrown) {
    failure ??= connectionFailure(new URL(file.url), thrown);
  } finally {
    if (index < pieces.length) discard(body);
    flush();
    await Promise.all(writing);
  }
  if (failure !== undefined) throw failure;
  if (index < pieces.length) {
    throw new CodedError("DOWNLOAD_INTERRUPTED", `${file.path} ended at byte ${at}.`);
  }
}
