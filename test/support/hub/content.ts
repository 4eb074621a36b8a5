import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";

/** The bytes of a file on the loopback hub. */
export interface HubContent {
  readonly sizeBytes: number;
  /** Hex; what the hub announces. */
  readonly sha256: string;
  /** The bytes from `from` to before `to`. */
  read(from: number, to: number): Readable;
}

/** Bytes in memory. */
export function bytesOf(bytes: Uint8Array): HubContent {
  return {
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    // In pieces: a reader that stops early costs no more than it took.
    read: (from, to) => Readable.from(pieces(bytes.subarray(from, to)), { objectMode: false }),
  };
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** A file on the disk; read once to know its hash, unless that is given. */
export async function fileOf(path: string, sha256?: string): Promise<HubContent> {
  return {
    sizeBytes: statSync(path).size,
    sha256: sha256 ?? (await hashOf(path)),
    read: (from, to) =>
      to <= from
        ? Readable.from([])
        : createReadStream(path, { start: from, end: to - 1, highWaterMark: 1024 * 1024 }),
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(piece as Buffer);
  }
  return hash.digest("hex");
}
