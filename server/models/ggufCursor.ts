/** Where a GGUF file is read from: a file on the disk, or ranges over HTTP. */
export interface GgufSource {
  /** For messages: a path, or an address. */
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Reads so many bytes; fewer only where the file ends. What it rejects with is passed on. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A header that no longer file could make right; the message is a sentence about the file. */
export class GgufFault extends Error {
  override readonly name = "GgufFault";
}

/** The vocabularies known take less than 16 MB. */
const mostRead = 64 * 1024 * 1024;
/** Headers of small models end within the first piece; large ones should not take many requests. */
const firstPiece = 256 * 1024;
const longestPiece = 4 * 1024 * 1024;

/**
 * Walks through the start of a GGUF file with a few megabytes of it in memory. Reading is in two
 * steps, so that millions of values cost no promise each: `has(length)`, or else
 * `await load(length)`; then what takes that many bytes.
 */
export interface GgufCursor {
  /** Counted from the start of the file. */
  readonly position: number;
  has(length: number): boolean;
  /**
   * @throws GgufFault where the file ends before, or the header is longer than any known
   */
  load(length: number): Promise<void>;
  /** Passes over bytes without reading those that are not there yet. @throws GgufFault */
  skip(length: number): void;
  integer(): number;
  /** An unsigned 64-bit number; those above 2^53 come out rounded, for bounds to refuse. */
  long(): number;
  number(type: number): number | boolean;
  text(length: number): string;
  /** Whether the next bytes are these; moves nothing. */
  startsWith(bytes: Uint8Array): boolean;
}

export function createGgufCursor(source: GgufSource): GgufCursor {
  let held = Buffer.alloc(0);
  /** Where `held` begins in the file. */
  let start = 0;
  let at = 0;
  let total = 0;
  let piece = firstPiece;

  const take = (length: number): number => {
    at += length;
    return at - length;
  };
  return {
    get position() {
      return start + at;
    },
    has: (length) => at + length <= held.length,
    async load(length) {
      if (start + at + length > source.size) throw endsTooSoon();
      const kept = held.subarray(Math.min(at, held.length));
      const missing = length - kept.length;
      const from = Math.max(start + at, start + held.length);
      const wanted = Math.min(Math.max(missing, piece), source.size - from);
      piece = Math.min(2 * piece, longestPiece);
      total += wanted;
      if (total > mostRead || wanted > mostRead) {
        throw new GgufFault("has a header that is longer than any known");
      }
      const read = await source.read(from, wanted);
      if (read.length < missing) throw endsTooSoon();
      held = Buffer.concat([kept, read.subarray(0, wanted)]);
      start = from - kept.length;
      at = 0;
    },
    skip(length) {
      if (!(start + at + length <= source.size)) throw endsTooSoon();
      at += length;
    },
    integer: () => held.readUInt32LE(take(4)),
    long() {
      const from = take(8);
      return held.readUInt32LE(from) + held.readUInt32LE(from + 4) * 0x1_0000_0000;
    },
    number: (type) => readNumber(held, take(sizeOfValue(type)), type),
    text(length) {
      const from = take(length);
      return held.toString("utf8", from, from + length);
    },
    startsWith: (bytes) => held.subarray(at, at + bytes.length).equals(bytes),
  };
}

function endsTooSoon(): GgufFault {
  return new GgufFault("ends before its weights begin");
}

/** Bytes of each fixed-size value type, by type number. */
const sizes: readonly (number | undefined)[] = [
  1,
  1,
  2,
  2,
  4,
  4,
  4,
  1,
  undefined,
  undefined,
  8,
  8,
  8,
];

/** Bytes of a single value of this type. @throws GgufFault for a type that is none */
export function sizeOfValue(type: number): number {
  const size = sizes[type];
  if (size === undefined) throw new GgufFault(`holds a value of the unknown type ${String(type)}`);
  return size;
}

function readNumber(bytes: Buffer, at: number, type: number): number | boolean {
  if (type === 0) return bytes.readUInt8(at);
  if (type === 1) return bytes.readInt8(at);
  if (type === 2) return bytes.readUInt16LE(at);
  if (type === 3) return bytes.readInt16LE(at);
  if (type === 4) return bytes.readUInt32LE(at);
  if (type === 5) return bytes.readInt32LE(at);
  if (type === 6) return bytes.readFloatLE(at);
  if (type === 7) return bytes.readUInt8(at) !== 0;
  if (type === 10) return Number(bytes.readBigUInt64LE(at));
  if (type === 11) return Number(bytes.readBigInt64LE(at));
  return bytes.readDoubleLE(at);
}
