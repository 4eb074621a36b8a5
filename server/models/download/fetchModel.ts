import { rmSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import type { DownloadRequest } from "../../protocol/models.ts";
import type { Network } from "../../network/follow.ts";
import type { GgufFile } from "../ggufFile.ts";
import { recordModel } from "../store/store.ts";
import { checkHeader, readRemoteHeader } from "./checkHeader.ts";
import { fetchFile } from "./fetchFile.ts";
import { freeBytesIn } from "../../state/freeBytes.ts";
import { checkSpace, finalNames, placeFile } from "./finishModel.ts";
import { openPart, readRanges, removePart, type PartFile, type PartIdentity } from "./partFile.ts";
import { createPatience, type Patience, type PatienceOptions } from "./patience.ts";
import { refuseLink, type DownloadPlaces } from "./places.ts";
import type { Progress } from "./progress.ts";
import { bytesIn } from "./ranges.ts";
import { createRangeReader, type RemoteFile } from "./remoteFile.ts";
import { resolveSource } from "./resolveSource.ts";

export interface FetchModelOptions {
  readonly homePath: string;
  readonly places: DownloadPlaces;
  readonly request: DownloadRequest;
  readonly network: Network;
  readonly connections: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Throws `MODEL_TOO_LARGE` for what does not fit this machine. */
  readonly fits?: (header: GgufFile, weightsBytes: number) => void;
  readonly patience: Omit<PatienceOptions, "answered">;
  /** Bytes of one request; chosen by size, if absent. */
  readonly pieceBytes?: number;
  /** Milliseconds between two lists of what is safely there. */
  readonly saveEveryMs?: number;
  readonly freeBytes?: (folder: string) => number;
}

export interface FetchedModel {
  /** The file to load. */
  readonly path: string;
  readonly sha256: string | undefined;
  readonly totalBytes: number;
  /** Bytes that were there before and were read again for their hash. */
  readonly rereadBytes: number;
  /** Bytes that came out of order, or while those before them were still read. */
  readonly lateBytes: number;
}

/**
 * Downloads a model into the folder of models and records it in the store: looked at before its
 * bytes come, verified before it gets its name.
 * @throws CodedError of the table, or the signal's reason; what arrived is kept, except where it is
 * known to be wrong
 */
export async function fetchModel(options: FetchModelOptions): Promise<FetchedModel> {
  const { homePath, places, request, network, progress, signal } = options;
  const folder = join(homePath, "models");
  refuseLink(places.folder, "folder");
  progress.phase("checking");
  const patience = patienceOf(options);
  const persist = <Value>(act: () => Promise<Value>) => tryAgain(act, patience, options);
  const files = await persist(() => resolveSource(request, network, signal));
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { names, isThere } = await finalNames(folder, request.id, files, signal);
  let [rereadBytes, lateBytes] = [0, 0];
  const hashes: (string | undefined)[] = files.map(({ sha256 }) => sha256);
  if (isThere) progress.phase("verifying", { totalBytes, receivedBytes: totalBytes });
  else {
    await persist(() => checkFirst(files, totalBytes, options));
    const kept = files.map((file, index) =>
      bytesIn(readRanges(places.part(index).ranges, identityOf(file))),
    );
    const receivedBytes = kept.reduce((sum, bytes) => sum + bytes, 0);
    const { freeBytes = freeBytesIn } = options;
    checkSpace(folder, totalBytes - receivedBytes, freeBytes(folder));
    progress.phase("downloading", { totalBytes, receivedBytes });
    for (const [index, file] of files.entries()) {
      const end = await fetchPart(index, file, patienceOf(options), options);
      hashes[index] = end.sha256;
      rereadBytes += end.reread.kept;
      lateBytes += end.reread.late;
    }
    for (const [index, name] of names.entries()) {
      const place = places.part(index);
      await placeFile(place.bytes, join(folder, name));
      rmSync(place.ranges, { force: true });
    }
  }
  await recordModel(homePath, {
    id: request.id,
    name: request.name,
    files: names.map((name, index) => {
      const sha256 = hashes[index];
      return sha256 === undefined ? { name } : { name, sha256 };
    }),
    source: request.source,
    ...(request.quantization === undefined ? {} : { quantization: request.quantization }),
  });
  return {
    path: join(folder, names[0] ?? ""),
    sha256: hashes[0],
    totalBytes,
    rereadBytes,
    lateBytes,
  };
}

function patienceOf({ patience, network: { answered } }: FetchModelOptions): Patience {
  return createPatience(answered === undefined ? patience : { ...patience, answered });
}

/** What names the content of a file, so that no byte of another is kept. */
function identityOf({ url, etag, sha256, sizeBytes }: RemoteFile): PartIdentity {
  return { sizeBytes, content: sha256 ?? `${url} ${etag ?? ""}` };
}

async function checkFirst(
  files: readonly RemoteFile[],
  totalBytes: number,
  { network, request, fits, signal }: FetchModelOptions,
): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const header = await readRemoteHeader(createRangeReader(network, first), first, signal);
  checkHeader(header, {
    force: request.force,
    ...(fits === undefined ? {} : { fits: (found) => fits(found, totalBytes) }),
  });
}

async function tryAgain<Value>(
  act: () => Promise<Value>,
  patience: Patience,
  { progress, signal }: FetchModelOptions,
): Promise<Value> {
  for (;;) {
    try {
      const value = await act();
      patience.progressed();
      return value;
    } catch (thrown) {
      signal.throwIfAborted();
      const { ms, tries } = patience.afterFailure(thrown);
      progress.waiting(ms / 1000, thrown instanceof CodedError ? thrown : undefined, tries);
      await sleep(ms, signal);
      progress.phase("checking", { tries });
    }
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // One that is aborted already tells nobody any more.
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", aborted);
      resolve();
    }, ms);
    signal.addEventListener("abort", aborted, { once: true });
  });
}

/** Pieces large enough that asking for them costs little, and small enough for all connections. */
function pieceBytesFor(sizeBytes: number, connections: number): number {
  const mebibyte = 1024 * 1024;
  const share = Math.ceil(sizeBytes / connections / mebibyte) * mebibyte;
  return Math.min(16 * mebibyte, Math.max(mebibyte, share));
}

async function fetchPart(
  index: number,
  file: RemoteFile,
  patience: Patience,
  options: FetchModelOptions,
): Promise<{ readonly sha256: string; readonly reread: PartFile["reread"] }> {
  const { places, network, connections, progress, signal, saveEveryMs = 1000 } = options;
  const { freeBytes = freeBytesIn } = options;
  const place = places.part(index);
  const part = await openPart(place, identityOf(file));
  const stop = new AbortController();
  const aborted = () => stop.abort(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  // It may have been while the file was opened.
  if (signal.aborted) aborted();
  const ended = keepSafe(part, {
    everyMs: saveEveryMs,
    signal: stop.signal,
    check: () => checkSpace(places.folder, 0, freeBytes(places.folder)),
    onFailure: (failure) => stop.abort(failure),
  });
  try {
    await fetchFile({
      file,
      part,
      patience,
      connections,
      reader: createRangeReader(network, file),
      pieceBytes: options.pieceBytes ?? pieceBytesFor(file.sizeBytes, connections),
      signal: stop.signal,
      onBytes: (bytes) => progress.received(bytes),
      onWaiting: (...told) => progress.waiting(...told),
    });
    progress.phase("verifying");
    const sha256 = await part.finish();
    if (file.sha256 !== undefined && file.sha256 !== sha256) {
      throw new CodedError("DOWNLOAD_MISMATCH", `${file.path} has another SHA-256 than announced.`);
    }
    return { sha256, reread: part.reread };
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === "DOWNLOAD_MISMATCH") {
      await part.close();
      removePart(place);
    } else await part.save().catch(() => undefined);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", aborted);
    stop.abort();
    await ended;
    await part.close();
  }
}

/** Notes from time to time what is safely there, and looks at the room that is left. */
async function keepSafe(
  part: PartFile,
  options: {
    readonly everyMs: number;
    readonly signal: AbortSignal;
    readonly check: () => void;
    readonly onFailure: (failure: unknown) => void;
  },
): Promise<void> {
  const { signal, everyMs, check, onFailure } = options;
  try {
    for (let pause = everyMs; ;) {
      await sleep(pause, signal);
      check();
      const startedAt = performance.now();
      await part.save();
      // A slow disk is not kept busy with this alone.
      pause = Math.max(everyMs, Math.min(4 * (performance.now() - startedAt), 10_000));
    }
  } catch (thrown) {
    if (!signal.aborted) onFailure(thrown);
  }
}
