import { specialTokenCandidates } from "../protocol/host.ts";
import { GgufFault, sizeOfValue, type GgufCursor } from "./ggufCursor.ts";

/** The metadata and the table of weights of a GGUF file. */
export interface ParsedGguf {
  readonly version: number;
  readonly tensors: number;
  /** Single values by key; lists are left out, and texts too long to be of use. */
  readonly metadata: ReadonlyMap<string, string | number | boolean>;
  /** How many tokens the vocabulary has. */
  readonly vocabularySize: number;
  /** Those of `specialTokenCandidates` that the vocabulary holds. */
  readonly specialTokens: readonly string[];
  readonly parameters: number;
  /** Where the last weight ends, counted from the start of the file. */
  readonly endOfWeights: number;
}

const stringType = 8;
const arrayType = 9;
/*
 * Bounds far above every model there is (the largest vocabularies have 262,144 tokens and about as
 * many merges again): what lies above is a lie, and is refused before it costs memory or time.
 */
const most = {
  pairs: 10_000,
  tensors: 100_000,
  keyBytes: 65_535,
  nameBytes: 255,
  /** Texts of all lists together. */
  listedTexts: 4_000_000,
  /** A text that is kept, and all of them. */
  textBytes: 1024 * 1024,
  keptBytes: 8 * 1024 * 1024,
  /** As in ggml. */
  dimensions: 4,
  alignment: 1024 * 1024,
} as const;

/**
 * Reads all that stands before the weights.
 * @throws GgufFault for a header that cannot be true; what the source rejects with
 */
export async function parseGguf(cursor: GgufCursor): Promise<ParsedGguf> {
  if (!cursor.has(24)) await cursor.load(24);
  cursor.skip(4);
  const version = cursor.integer();
  if (version !== 2 && version !== 3) {
    const swapped = (version & 0xffff) === 0;
    throw new GgufFault(
      swapped ? "is written for big-endian machines" : `is GGUF of version ${String(version)}`,
    );
  }
  const tensors = bounded(cursor.long(), most.tensors, "weights");
  const pairs = bounded(cursor.long(), most.pairs, "keys");
  const described = await readPairs(cursor, pairs);
  const alignment = described.metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || !isPowerOfTwo(alignment) || alignment > most.alignment) {
    throw new GgufFault(`has the alignment ${String(alignment)}`);
  }
  const weights = await readTensors(cursor, tensors, alignment);
  const endOfWeights = roundUp(cursor.position, alignment) + weights.lastByte;
  return { version, tensors, ...described, parameters: weights.parameters, endOfWeights };
}

async function readPairs(cursor: GgufCursor, pairs: number) {
  const metadata = new Map<string, string | number | boolean>();
  const found = new Set<string>();
  let vocabularySize = 0;
  let kept = 0;
  let listed = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const key = await readText(cursor, most.keyBytes, "key");
    kept += key.length;
    if (!cursor.has(4)) await cursor.load(4);
    const type = cursor.integer();
    if (type === stringType) {
      if (!cursor.has(8)) await cursor.load(8);
      const length = cursor.long();
      if (length > most.textBytes) cursor.skip(length);
      else {
        if (!cursor.has(length)) await cursor.load(length);
        kept += length;
        metadata.set(key, cursor.text(length));
      }
    } else if (type !== arrayType) {
      const size = sizeOfValue(type);
      if (!cursor.has(size)) await cursor.load(size);
      metadata.set(key, cursor.number(type));
    } else {
      if (!cursor.has(12)) await cursor.load(12);
      const inner = cursor.integer();
      const length = cursor.long();
      if (inner !== stringType) {
        // Lists of lists are none that a model has; their type has no size.
        cursor.skip(sizeOfValue(inner) * length);
        continue;
      }
      listed += length;
      bounded(listed, most.listedTexts, "texts");
      const areTokens = key === "tokenizer.ggml.tokens";
      if (areTokens) vocabularySize = length;
      await readTexts(cursor, length, areTokens ? found : undefined);
    }
    bounded(kept, most.keptBytes, "bytes of text");
  }
  return {
    metadata,
    vocabularySize,
    specialTokens: specialTokenCandidates.filter((token) => found.has(token)),
  };
}

/** Passes over texts; those that are special tokens are put into `found`. */
async function readTexts(cursor: GgufCursor, count: number, found: Set<string> | undefined) {
  for (let index = 0; index < count; index += 1) {
    if (!cursor.has(8)) await cursor.load(8);
    const length = cursor.long();
    const same = found === undefined ? undefined : candidates.get(length);
    if (same === undefined) cursor.skip(length);
    else {
      if (!cursor.has(length)) await cursor.load(length);
      for (const { text, bytes } of same) if (cursor.startsWith(bytes)) found?.add(text);
      cursor.skip(length);
    }
  }
}

/** By how many bytes they take. */
const candidates = new Map<number, { readonly text: string; readonly bytes: Buffer }[]>();
for (const text of specialTokenCandidates) {
  const bytes = Buffer.from(text);
  const same = candidates.get(bytes.length) ?? [];
  candidates.set(bytes.length, [...same, { text, bytes }]);
}

async function readTensors(cursor: GgufCursor, tensors: number, alignment: number) {
  let parameters = 0;
  let lastByte = 0;
  for (let tensor = 0; tensor < tensors; tensor += 1) {
    await readText(cursor, most.nameBytes, "name of weights");
    if (!cursor.has(4)) await cursor.load(4);
    const dimensions = bounded(cursor.integer(), most.dimensions, "dimensions of a weight");
    const rest = 8 * dimensions + 12;
    if (!cursor.has(rest)) await cursor.load(rest);
    let elements = 1;
    for (let dimension = 0; dimension < dimensions; dimension += 1) elements *= cursor.long();
    const [block, bytesPerBlock] = tensorTypes[cursor.integer()] ?? [1, 0];
    const offset = cursor.long();
    if (!(elements >= 1 && elements <= Number.MAX_SAFE_INTEGER)) {
      throw new GgufFault("has a weight whose size cannot be true");
    }
    // One after the other, as ggml demands: two in the same place would be a trick.
    if (offset % alignment !== 0 || offset < lastByte || offset > Number.MAX_SAFE_INTEGER) {
      throw new GgufFault("has a weight whose place cannot be true");
    }
    parameters += elements;
    lastByte = offset + (elements / block) * bytesPerBlock;
  }
  return { parameters, lastByte };
}

async function readText(cursor: GgufCursor, longest: number, what: string): Promise<string> {
  if (!cursor.has(8)) await cursor.load(8);
  const length = cursor.long();
  if (length > longest) throw new GgufFault(`has a ${what} of ${String(length)} bytes`);
  if (!cursor.has(length)) await cursor.load(length);
  return cursor.text(length);
}

function bounded(count: number, bound: number, what: string): number {
  if (count > bound) throw new GgufFault(`claims to have ${String(count)} ${what}`);
  return count;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
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
