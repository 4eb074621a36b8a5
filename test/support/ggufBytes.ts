/** Builds the bytes of a GGUF header, true or not. */
export interface GgufPieces {
  readonly version?: number;
  /** What the header claims; by default what is there. */
  readonly tensorCount?: bigint;
  readonly pairCount?: bigint;
  /** Each already encoded; see the functions below. */
  readonly pairs?: readonly Buffer[];
  readonly tensors?: readonly Buffer[];
  /** Bytes after the header. */
  readonly weights?: number;
}

export function ggufBytes(pieces: GgufPieces): Buffer {
  const { version = 3, pairs = [], tensors = [], weights = 0 } = pieces;
  const start = Buffer.alloc(24);
  start.write("GGUF");
  start.writeUInt32LE(version, 4);
  start.writeBigUInt64LE(pieces.tensorCount ?? BigInt(tensors.length), 8);
  start.writeBigUInt64LE(pieces.pairCount ?? BigInt(pairs.length), 16);
  const header = Buffer.concat([start, ...pairs, ...tensors]);
  const rest = (32 - (header.length % 32)) % 32;
  return Buffer.concat([header, Buffer.alloc(rest + weights)]);
}

export function long(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}

export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function textPair(key: string, value: string): Buffer {
  return Buffer.concat([text(key), integer(8), text(value)]);
}

export function integerPair(key: string, value: number): Buffer {
  return Buffer.concat([text(key), integer(4), integer(value)]);
}

/** A list: what it claims to hold, and what stands there. */
export function listPair(key: string, type: number, count: number | bigint, items: Buffer): Buffer {
  return Buffer.concat([text(key), integer(9), integer(type), long(count), items]);
}

export function tensor(
  name: string,
  dimensions: readonly (number | bigint)[],
  type: number,
  offset: number | bigint,
): Buffer {
  const sizes = dimensions.map(long);
  return Buffer.concat([
    text(name),
    integer(dimensions.length),
    ...sizes,
    integer(type),
    long(offset),
  ]);
}
