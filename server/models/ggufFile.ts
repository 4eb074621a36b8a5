import { open, stat } from "node:fs/promises";
import { CodedError } from "../protocol/errors.ts";
import type { ModelShape } from "../protocol/models.ts";
import { createGgufCursor, GgufFault, type GgufSource } from "./ggufCursor.ts";
import { parseGguf, type ParsedGguf } from "./parseGguf.ts";

export type { GgufSource } from "./ggufCursor.ts";

/** What stands before the weights of a GGUF file, and whether the weights can all be there. */
export interface GgufFile extends ParsedGguf {
  readonly sizeBytes: number;
  /** `general.architecture`, `general.name`; empty where the file does not say. */
  readonly architecture: string;
  readonly name: string;
  readonly tokenizerPre: string;
  /** Such as `Q8_0`; empty where the file does not say. */
  readonly quantization: string;
  readonly trainContextSize: number;
  /** Absent where the file does not say, as parts of a split model but the first. */
  readonly shape?: ModelShape;
  /** Which part of how many this is, counted from 0; absent for a model in one file. */
  readonly split?: { readonly part: number; readonly parts: number };
}

/**
 * Reads all that stands before the weights, wherever the file lies. Reads a few megabytes at most
 * beyond the header and takes no more memory than that, whatever the header claims.
 * @throws CodedError `MODEL_INVALID` when it is not GGUF, ends before its weights do, or claims what
 * cannot be true; what the source rejects with
 */
export async function readGguf(source: GgufSource): Promise<GgufFile> {
  const file = await readHeader(source);
  if (file.endOfWeights > source.size) {
    throw invalid(source.name, "has weights that lie beyond its end");
  }
  return file;
}

/**
 * Reads all that stands before the weights. A file that was cut off within them is described, too:
 * its `endOfWeights` is larger than its size.
 * @throws CodedError `MODEL_NOT_FOUND` when there is no file, `MODEL_INVALID` when it is not GGUF, ends
 * before its weights begin, claims what cannot be true, or cannot be read.
 */
export async function readGgufFile(path: string): Promise<GgufFile> {
  try {
    // Opening a pipe would wait until somebody writes into it.
    if (!(await stat(path)).isFile()) throw invalid(path, "is not a file");
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      return await readHeader({
        name: path,
        size,
        async read(offset, length) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
          return buffer.subarray(0, bytesRead);
        },
      });
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const missing =
      thrown instanceof Error &&
      "code" in thrown &&
      (thrown.code === "ENOENT" || thrown.code === "ENOTDIR");
    if (missing) throw new CodedError("MODEL_NOT_FOUND", path, thrown);
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("MODEL_INVALID", `${path}: ${reason}`, thrown);
  }
}

async function readHeader(source: GgufSource): Promise<GgufFile> {
  const cursor = createGgufCursor(source);
  try {
    if (source.size === 0) throw new GgufFault("is empty");
    const start = Math.min(source.size, 24);
    await cursor.load(start);
    if (start < 24 || !cursor.startsWith(magic)) throw new GgufFault("is not a GGUF file");
    return describe(await parseGguf(cursor), source.size);
  } catch (thrown) {
    if (thrown instanceof GgufFault) throw invalid(source.name, thrown.message, thrown);
    throw thrown;
  }
}

const magic = Buffer.from("GGUF");

function invalid(name: string, what: string, cause?: unknown): CodedError {
  return new CodedError("MODEL_INVALID", `${name} ${what}.`, cause);
}

function describe(parsed: ParsedGguf, sizeBytes: number): GgufFile {
  const text = (key: string): string => {
    const value = parsed.metadata.get(key);
    return typeof value === "string" ? value : "";
  };
  const number = (key: string): number => {
    const value = parsed.metadata.get(key);
    return typeof value === "number" ? value : 0;
  };
  const architecture = text("general.architecture");
  const shape = shapeOf((key) => number(`${architecture}.${key}`), parsed.vocabularySize);
  const parts = number("split.count");
  return {
    ...parsed,
    sizeBytes,
    architecture,
    name: text("general.name"),
    tokenizerPre: text("tokenizer.ggml.pre"),
    quantization: fileTypes[number("general.file_type")] ?? "",
    trainContextSize: number(`${architecture}.context_length`),
    ...(shape === undefined ? {} : { shape }),
    ...(parts > 1 ? { split: { part: number("split.no"), parts } } : {}),
  };
}

/** What no model comes near: memory computed from more would be a number without sense. */
const most = { layers: 10_000, width: 1_000_000, heads: 100_000 } as const;

function shapeOf(number: (key: string) => number, vocabulary: number): ModelShape | undefined {
  const figure = (key: string, bound: number): number => {
    const value = number(key);
    if (Number.isInteger(value) && value >= 0 && value <= bound) return value;
    throw new GgufFault(`claims to have ${key} = ${String(value)}`);
  };
  const layers = figure("block_count", most.layers);
  const width = figure("embedding_length", most.width);
  const heads = figure("attention.head_count", most.heads);
  const kvHeads = figure("attention.head_count_kv", most.heads) || heads;
  const headSize = figure("attention.key_length", most.width);
  const feedForward = figure("feed_forward_length", most.width);
  // Models with layers of different kinds give lists here, which are left out.
  if (layers === 0 || width === 0 || heads === 0 || vocabulary === 0) return undefined;
  return {
    layers,
    width,
    heads,
    kvHeads,
    vocabulary,
    ...(headSize === 0 ? {} : { headSize }),
    ...(feedForward === 0 ? {} : { feedForward }),
  };
}

/** By `general.file_type`. */
const fileTypes: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
};
