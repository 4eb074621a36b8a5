import { open, stat } from "node:fs/promises";
import { CodedError } from "../protocol/errors.ts";
import { specialTokenCandidates } from "../protocol/host.ts";
import { parseGguf, type ParsedGguf } from "./parseGguf.ts";

/** What stands before the weights of a GGUF file, and whether the weights can all be there. */
export interface GgufFile extends Omit<ParsedGguf, "tokens"> {
  readonly sizeBytes: number;
  /** `general.architecture`, `general.name`; empty where the file does not say. */
  readonly architecture: string;
  readonly name: string;
  readonly tokenizerPre: string;
  /** Such as `Q8_0`; empty where the file does not say. */
  readonly quantization: string;
  readonly trainContextSize: number;
  readonly vocabularySize: number;
  /** Those of `specialTokenCandidates` that the vocabulary holds. */
  readonly specialTokens: readonly string[];
}

const firstRead = 8 * 1024 * 1024;
/** The vocabularies known take less than 16 MB. */
const mostRead = 128 * 1024 * 1024;

/**
 * Reads all that stands before the weights.
 * @throws CodedError `MODEL_NOT_FOUND` when there is no file, `MODEL_INVALID` when it is not GGUF, ends
 * before its weights begin, or cannot be read.
 */
export async function readGgufFile(path: string): Promise<GgufFile> {
  try {
    // Opening a pipe would wait until somebody writes into it.
    if (!(await stat(path)).isFile())
      throw new CodedError("MODEL_INVALID", `${path} is not a file.`);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      for (let length = firstRead; ; length *= 4) {
        const most = Math.min(length, size, mostRead);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(most), 0, most, 0);
        const bytes = buffer.subarray(0, bytesRead);
        checkMagic(path, bytes);
        const parsed = parseGguf(bytes);
        if (parsed !== undefined) return describe(parsed, size);
        if (most < length) {
          throw new CodedError("MODEL_INVALID", `${path} ends before its weights begin.`);
        }
      }
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

function checkMagic(path: string, bytes: Buffer): void {
  if (bytes.length >= 24 && bytes.toString("latin1", 0, 4) === "GGUF") return;
  const what = bytes.length === 0 ? "is empty" : "is not a GGUF file";
  throw new CodedError("MODEL_INVALID", `${path} ${what}.`);
}

function describe({ tokens, ...parsed }: ParsedGguf, sizeBytes: number): GgufFile {
  const text = (key: string): string => {
    const value = parsed.metadata.get(key);
    return typeof value === "string" ? value : "";
  };
  const number = (key: string): number => {
    const value = parsed.metadata.get(key);
    return typeof value === "number" ? value : 0;
  };
  const architecture = text("general.architecture");
  return {
    ...parsed,
    sizeBytes,
    architecture,
    name: text("general.name"),
    tokenizerPre: text("tokenizer.ggml.pre"),
    quantization: fileTypes[number("general.file_type")] ?? "",
    trainContextSize: number(`${architecture}.context_length`),
    vocabularySize: tokens.count,
    specialTokens: specialTokenCandidates.filter((token) => tokens.short.has(token)),
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
