import type { ModelShape } from "../../protocol/models.ts";

/*
 * What a model takes while it runs, as llama.cpp reserves it; checked against the engine's own
 * simulation, which needs the native library and the file.
 */

export type KvType = "f16" | "q8_0";

/** Two documents being typed in, speculation, background work: the host makes so many sequences. */
export const hostSequences = 4;
/** The host's default context, in tokens of one sequence. */
export const defaultContext = { gpu: 8192, cpu: 4096 } as const;
/** The host makes no smaller one unless told to. */
export const smallestContext = 1024;

/** Tokens that are computed at once. */
const batchTokens = 512;
/** The engine rounds contexts up to this. */
export const contextStep = 256;
const bytesPerValue = { f16: 2, q8_0: 34 / 32 } as const;

/** Keys and values that one token of one sequence takes, in bytes. */
export function kvBytesPerToken(shape: ModelShape, kvType: KvType): number {
  const headSize = shape.headSize ?? shape.width / shape.heads;
  return 2 * shape.layers * headSize * shape.kvHeads * bytesPerValue[kvType];
}

/** Keys and values of all sequences, each with a context of its own. */
export function kvBytes(shape: ModelShape, contextSize: number, kvType: KvType): number {
  const tokens = Math.ceil(contextSize / contextStep) * contextStep;
  return hostSequences * tokens * kvBytesPerToken(shape, kvType);
}

/**
 * Buffers for computing: probabilities of all tokens of a batch over the vocabulary, activations of
 * a layer, and the mask of attention. At most a tenth above what the engine reserves, with flash
 * attention, which it uses wherever it can.
 */
export function computeBytes(shape: ModelShape, contextSize: number): number {
  return 4 * batchTokens * (shape.vocabulary + 4.5 * shape.width) + 2 * batchTokens * contextSize;
}

/** What the host's process takes beside the model: Node.js, the libraries, the vocabulary's texts. */
export function processBytes(shape: ModelShape): number {
  return 115e6 + 1100 * shape.vocabulary;
}

/** Bits of a weight in files of each quantization, the mixed ones as they come out on average. */
const bitsOf: Readonly<Record<string, number>> = {
  Q2_K: 3.2,
  Q3_K_S: 3.5,
  Q3_K_M: 3.95,
  Q3_K_L: 4.3,
  Q4_0: 4.6,
  Q4_1: 5.1,
  Q4_K_S: 4.65,
  Q4_K_M: 4.9,
  Q5_0: 5.55,
  Q5_1: 6,
  Q5_K_S: 5.55,
  Q5_K_M: 5.75,
  Q6_K: 6.6,
  Q8_0: 8.55,
  IQ4_XS: 4.35,
  IQ4_NL: 4.6,
  F16: 16.1,
  BF16: 16.1,
  F32: 32.1,
};

/** How large a file of this quantization is, about; undefined for one that is not known. */
export function expectedFileBytes(parameters: number, quantization: string): number | undefined {
  const bits = bitsOf[quantization.toUpperCase()];
  return bits === undefined ? undefined : (parameters * bits) / 8;
}

/** A shape that is usual for a model of so many bytes, where its file is not there to tell. */
export function usualShape(weightsBytes: number, parameters = weightsBytes / 0.62): ModelShape {
  const layers = parameters < 2e9 ? 24 : parameters < 10e9 ? 32 : 44;
  const heads = Math.max(4, 4 * Math.round(Math.sqrt(parameters / (12 * layers)) / 512));
  return { layers, width: 128 * heads, heads, kvHeads: Math.max(1, heads / 4), vocabulary: 64_000 };
}
