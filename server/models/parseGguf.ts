/** The metadata and the table of weights of a GGUF file. */
export interface ParsedGguf {
  readonly version: number;
  readonly tensors: number;
  /** Single values by key; lists are left out. */
  readonly metadata: ReadonlyMap<string, string | number | boolean>;
  readonly tokens: {
    readonly count: number;
    /** Those that are short enough to be special ones. */
    readonly short: ReadonlySet<string>;
  };
  readonly parameters: number;
  /** Where the last weight ends, counted from the start of the file. */
  readonly endOfWeights: number;
}

const stringType = 8;
const arrayType = 9;
/** Bytes of each fixed-size value type, by type number. */
const sizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const longestSpecialToken = 64;

/**
 * Parses the start of a GGUF file.
 * @returns undefined where the table of weights does not end within `bytes`
 * @throws Error for what no longer file could make right
 */
export function parseGguf(bytes: Buffer): ParsedGguf | undefined {
  try {
    return parse(bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function parse(bytes: Buffer): ParsedGguf {
  let at = 8;
  const take = (length: number): number => {
    if (!(at + length <= bytes.length)) throw new RangeError("beyond what was read");
    at += length;
    return at - length;
  };
  const readLong = () => Number(bytes.readBigUInt64LE(take(8)));
  const readInteger = () => bytes.readUInt32LE(take(4));
  const readText = (): string => {
    const length = readLong();
    const from = take(length);
    return bytes.toString("utf8", from, from + length);
  };
  const tensors = readLong();
  const pairs = readLong();
  const metadata = new Map<string, string | number | boolean>();
  const short = new Set<string>();
  let count = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const key = readText();
    const type = readInteger();
    if (type === stringType) metadata.set(key, readText());
    else if (type !== arrayType) metadata.set(key, readNumber(bytes, take(sizeOf(type)), type));
    else {
      const inner = readInteger();
      const length = readLong();
      if (inner !== stringType) {
        take(sizeOf(inner) * length);
        continue;
      }
      const areTokens = key === "tokenizer.ggml.tokens";
      if (areTokens) count = length;
      for (let index = 0; index < length; index += 1) {
        const size = readLong();
        const from = take(size);
        if (areTokens && size <= longestSpecialToken) {
          short.add(bytes.toString("utf8", from, from + size));
        }
      }
    }
  }
  let parameters = 0;
  let lastByte = 0;
  for (let tensor = 0; tensor < tensors; tensor += 1) {
    readText();
    let elements = 1;
    for (let dimensions = readInteger(); dimensions > 0; dimensions -= 1) elements *= readLong();
    const [block, bytesPerBlock] = tensorTypes[readInteger()] ?? [1, 0];
    const offset = readLong();
    parameters += elements;
    lastByte = Math.max(lastByte, offset + (elements / block) * bytesPerBlock);
  }
  const alignment = Number(metadata.get("general.alignment") ?? 32) || 32;
  const endOfWeights = Math.ceil(at / alignment) * alignment + lastByte;
  return {
    version: bytes.readUInt32LE(4),
    tensors,
    metadata,
    tokens: { count, short },
    parameters,
    endOfWeights,
  };
}

function sizeOf(type: number): number {
  const size = sizes[type];
  if (size === undefined) throw new Error(`It holds a value of the unknown type ${type}.`);
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

/** Weights of a block and its bytes, by ggml's type number. */
const tensorTypes: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};
