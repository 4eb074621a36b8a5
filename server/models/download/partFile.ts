import { createHash } from "node:crypto";
import { constants, readdirSync, rmSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { diskFailure } from "./diskFailure.ts";
import { refuseLink, type DownloadPlaces } from "./places.ts";
import { bytesIn, endFrom, missingPieces, withRange, type Range } from "./ranges.ts";

/** Which bytes a file on the disk is a part of. */
export interface PartIdentity {
  readonly sizeBytes: number;
  /** Names the content: its SHA-256, or address and entity tag. */
  readonly content: string;
}

/** Bytes that arrived, from `at` on; it grows until it is written. */
export interface Batch {
  readonly at: number;
  readonly pieces: Uint8Array[];
  length: number;
}

/** A file that is being downloaded. */
export interface PartFile {
  /** Bytes on the disk. */
  readonly received: number;
  /** Bytes read from the disk to know their hash: of those that were there before, and of others. */
  readonly reread: { readonly kept: number; readonly late: number };
  missing(pieceBytes: number): Range[];
  /** Begins a batch at a place. Its bytes are hashed as they come where all before them are there. */
  begin(at: number): Batch;
  add(batch: Batch, piece: Uint8Array): void;
  /** Writes a batch, which must not be added to any more. */
  write(batch: Batch): Promise<void>;
  /** Makes sure that what is said to be there survives: the bytes first, then the list of them. */
  save(): Promise<void>;
  /** Once everything is there: waits until all is hashed and on the disk; the SHA-256 in hex. */
  finish(): Promise<string>;
  close(): Promise<void>;
}

const rangesSchema = z.object({
  version: z.literal(1),
  sizeBytes: z.number(),
  content: z.string(),
  ranges: z.array(z.tuple([z.number(), z.number()])),
});
const longestRanges = 1_000_000;
const rereadBytes = 1024 * 1024;
/**
 * Bytes that may wait for being made safe. Few enough that little is left to be synced at the end,
 * enough that syncs cost nothing: measured by `bench:models`.
 */
const usualUnsafeBytes = 64 * 1024 * 1024;

/** What of a file is there, by its list. Nothing where the list is of other content. */
export function readRanges(path: string, identity?: PartIdentity): Range[] {
  const known = readJson(path, rangesSchema, longestRanges);
  if (known === undefined) return [];
  const { content, sizeBytes } = identity ?? known;
  if (known.content !== content || known.sizeBytes !== sizeBytes) return [];
  let ranges: Range[] = [];
  for (const [from, to] of known.ranges) {
    if (!(Number.isSafeInteger(from) && from >= 0 && from < to && to <= sizeBytes)) return [];
    ranges = withRange(ranges, { from, to });
  }
  return ranges;
}

/**
 * Opens a file with what is there of the same content; nothing of other content is kept.
 * @param mostUnsafeBytes bytes after which it is saved beside what else is written, unasked
 * @throws CodedError `DOWNLOAD_UNSAFE` for a link, `HOME_NOT_WRITABLE`, `DISK_FULL`
 */
export async function openPart(
  place: { readonly bytes: string; readonly ranges: string },
  identity: PartIdentity,
  mostUnsafeBytes = usualUnsafeBytes,
): Promise<PartFile> {
  const { sizeBytes } = identity;
  refuseLink(place.bytes, "file");
  refuseLink(place.ranges, "file");
  let ranges = readRanges(place.ranges, identity);
  let file: FileHandle;
  try {
    const { O_CREAT, O_RDWR } = constants;
    const noFollow = Reflect.get(constants, "O_NOFOLLOW") as number | undefined;
    // Windows has no such flag, and no links that an ordinary user can make.
    file = await open(place.bytes, O_CREAT | O_RDWR | (noFollow ?? 0), 0o600);
    const { size } = await file.stat();
    if (ranges.length === 0 || size > sizeBytes) {
      await file.truncate(0);
      ranges = [];
    }
    // Bytes that the list names and the file lacks were lost with the machine's power.
    ranges = ranges
      .filter(({ from }) => from < size)
      .map(({ from, to }) => ({ from, to: Math.min(to, size) }));
  } catch (thrown) {
    throw diskFailure(place.bytes, thrown);
  }

  const hash = createHash("sha256");
  let hashed = 0;
  const kept = ranges;
  const reread = { kept: 0, late: 0 };
  let rereading: Promise<void> | undefined;
  let failure: Error | undefined;
  let closed = false;
  const batches = new Set<Batch>();

  /** Goes on hashing where the bytes are: in memory, or else on the disk. */
  function hashOn(): void {
    if (rereading !== undefined || closed || failure !== undefined) return;
    for (const batch of batches) hashFrom(batch);
    const end = endFrom(ranges, hashed);
    if (end > hashed) rereading = hashFromDisk(end);
  }

  function hashFrom({ at, pieces, length }: Batch): void {
    if (hashed < at || hashed >= at + length) return;
    let start = at + length;
    // From the end: as a rule only the last piece is new.
    let index = pieces.length;
    while (index > 0 && start > hashed) start -= pieces[(index -= 1)]?.length ?? 0;
    for (; index < pieces.length; index += 1) {
      const piece = pieces[index] ?? new Uint8Array();
      hash.update(piece.subarray(hashed - start));
      start += piece.length;
      hashed = start;
    }
  }

  async function hashFromDisk(end: number): Promise<void> {
    try {
      const buffer = Buffer.allocUnsafe(Math.min(rereadBytes, end - hashed));
      while (hashed < end && !closed) {
        const wanted = Math.min(buffer.length, end - hashed);
        const { bytesRead } = await file.read(buffer, 0, wanted, hashed);
        if (bytesRead === 0) throw new Error("The file became shorter.");
        hash.update(buffer.subarray(0, bytesRead));
        const isKept = endFrom(kept, hashed) > hashed;
        reread[isKept ? "kept" : "late"] += bytesRead;
        hashed += bytesRead;
      }
    } catch (thrown) {
      failure = diskFailure(place.bytes, thrown);
    } finally {
      rereading = undefined;
    }
    hashOn();
  }

  let saved = ranges;
  /** Bytes that the last save has made safe, or is about to. */
  let safeBytes = bytesIn(ranges);
  let saving: Promise<void> = Promise.resolve();
  async function saveNow(): Promise<void> {
    const now = ranges;
    if (now === saved) return;
    safeBytes = bytesIn(now);
    try {
      await file.datasync();
      const list = now.map(({ from, to }) => [from, to]);
      writeJson(place.ranges, { version: 1, ...identity, ranges: list });
      saved = now;
    } catch (thrown) {
      throw diskFailure(place.ranges, thrown);
    }
  }

  function save(): Promise<void> {
    saving = saving.catch(() => undefined).then(saveNow);
    return saving;
  }

  let isSavingUnasked = false;
  function saveUnasked(): void {
    if (isSavingUnasked || bytesIn(ranges) - safeBytes < mostUnsafeBytes) return;
    isSavingUnasked = true;
    const failed = (thrown: unknown): void => {
      failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    };
    void save()
      .catch(failed)
      .then(() => (isSavingUnasked = false));
  }

  hashOn();
  return {
    get received() {
      return bytesIn(ranges);
    },
    get reread() {
      return reread;
    },
    missing: (pieceBytes) => missingPieces(ranges, sizeBytes, pieceBytes),
    begin: (at) => ({ at, pieces: [], length: 0 }),
    add(batch, piece) {
      batch.pieces.push(piece);
      batch.length += piece.length;
      batches.add(batch);
      hashOn();
    },
    async write(batch) {
      if (failure !== undefined) throw failure;
      try {
        let at = batch.at;
        for (let left: Uint8Array[] = batch.pieces; left.length > 0;) {
          const { bytesWritten } = await file.writev(left, at);
          if (bytesWritten === 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
          at += bytesWritten;
          left = remaining(left, bytesWritten);
        }
      } catch (thrown) {
        throw diskFailure(place.bytes, thrown);
      } finally {
        batches.delete(batch);
      }
      ranges = withRange(ranges, { from: batch.at, to: batch.at + batch.length });
      hashOn();
      saveUnasked();
    },
    save,
    async finish() {
      // While the rest is hashed. Its failure is told below.
      const safe = save();
      safe.catch(() => undefined);
      hashOn();
      while (hashed < sizeBytes && failure === undefined) {
        if (rereading === undefined) throw new Error("Not everything is there.");
        await rereading;
      }
      if (failure !== undefined) throw failure;
      await safe;
      return hash.digest("hex");
    },
    async close() {
      closed = true;
      await rereading;
      await saving.catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  };
}

function remaining(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  return pieces.flatMap((piece) => {
    const part = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - part.length;
    return part.length === 0 ? [] : [part];
  });
}

/** Removes the bytes of a part and the list of them. */
export function removePart(place: { readonly bytes: string; readonly ranges: string }): void {
  rmSync(place.bytes, { force: true });
  rmSync(place.ranges, { force: true });
}

/** Removes the unfinished bytes of all parts of a model. */
export function removeParts(places: DownloadPlaces): void {
  const { folder } = places;
  const first = basename(places.part(0).bytes);
  for (const name of readdirSync(folder)) {
    const rest = name.startsWith(first) ? name.slice(first.length) : "no";
    if (/^\d{0,3}(\.ranges\.json(\..*\.partial)?)?$/.test(rest))
      rmSync(join(folder, name), { force: true });
  }
}
