import { open, stat } from "node:fs/promises";
import { CodedError } from "../protocol/errors.ts";

/** What the first bytes of a GGUF file say; enough to name a model without loading it. */
export interface GgufHeader {
  readonly version: number;
  readonly tensors: number;
  /** `general.architecture` and `general.name`, where they stand before the first long list. */
  readonly architecture?: string;
  readonly name?: string;
  readonly sizeBytes: number;
}

const readBytes = 64 * 1024;
const stringType = 8;
const arrayType = 9;
/** Bytes of each fixed-size value type of GGUF, by type number. */
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

/**
 * Reads the header of a GGUF file.
 * @throws CodedError `MODEL_NOT_FOUND` when there is no file, `MODEL_INVALID` when it is not GGUF.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  let bytes: Buffer;
  let sizeBytes: number;
  try {
    // Opening a pipe would wait until somebody writes into it.
    if (!(await stat(path)).isFile())
      throw new CodedError("MODEL_INVALID", `${path} is not a file.`);
    const file = await open(path, "r");
    try {
      sizeBytes = (await file.stat()).size;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, 0);
      bytes = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    throw new CodedError(missing ? "MODEL_NOT_FOUND" : "MODEL_INVALID", path, thrown);
  }
  if (bytes.length < 24 || bytes.toString("latin1", 0, 4) !== "GGUF") {
    const what = bytes.length === 0 ? "is empty" : "is not a GGUF file";
    throw new CodedError("MODEL_INVALID", `${path} ${what}.`);
  }
  const texts = readTexts(bytes, Number(bytes.readBigUInt64LE(16)));
  const architecture = texts.get("general.architecture");
  const name = texts.get("general.name");
  return {
    version: bytes.readUInt32LE(4),
    tensors: Number(bytes.readBigUInt64LE(8)),
    sizeBytes,
    ...(architecture === undefined ? {} : { architecture }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The string values among the first `count` pairs, as far as they were read. */
function readTexts(bytes: Buffer, count: number): Map<string, string> {
  const texts = new Map<string, string>();
  let at = 24;
  const readText = (): string => {
    const length = Number(bytes.readBigUInt64LE(at));
    at += 8;
    if (at + length > bytes.length) throw new RangeError("beyond what was read");
    at += length;
    return bytes.toString("utf8", at - length, at);
  };
  try {
    for (let pair = 0; pair < count; pair += 1) {
      const key = readText();
      const type = bytes.readUInt32LE(at);
      at += 4;
      if (type === arrayType) break;
      if (type === stringType) texts.set(key, readText());
      else at += sizes[type] ?? bytes.length;
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return texts;
}
