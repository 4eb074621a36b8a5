import { CodedError } from "../../protocol/errors.ts";
import type { MachineFacts } from "../../protocol/models.ts";
import { fillsIn } from "../fillsIn.ts";
import { fitModel } from "../fit/fit.ts";
import { readGguf, type GgufFile } from "../ggufFile.ts";
import { openSource, type RangeReader, type RemoteFile } from "./remoteFile.ts";

/**
 * Reads what stands before the weights of a remote file: some megabytes at most.
 * @throws CodedError `DOWNLOAD_NOT_MODEL` for what is no GGUF file, `MODEL_INVALID` for one whose
 * header lies, and what the reader rejects with
 */
export async function readRemoteHeader(
  reader: RangeReader,
  file: RemoteFile,
  signal?: AbortSignal,
): Promise<GgufFile> {
  const source = openSource(reader, file, signal);
  try {
    return await readGguf({
      ...source,
      async read(offset, length) {
        const bytes = await source.read(offset, length);
        if (offset === 0) checkStart(file, Buffer.from(bytes.subarray(0, 100)));
        return bytes;
      },
    });
  } finally {
    source.close();
  }
}

function checkStart({ path }: RemoteFile, start: Buffer): void {
  const text = start.toString("latin1");
  if (text.startsWith("GGUF")) return;
  const what = /^\s*<(!doctype|html|\?xml)/i.test(text) ? "a web page" : "no GGUF file";
  throw new CodedError("DOWNLOAD_NOT_MODEL", `${path} is ${what}.`);
}

/**
 * Refuses a model by what stands before its weights.
 * @param fits throws `MODEL_TOO_LARGE` for what does not fit the machine
 * @throws CodedError `MODEL_NOT_FIM`, `MODEL_INVALID`, and what `fits` throws
 */
export function checkHeader(
  header: GgufFile,
  options: { readonly force: boolean; readonly fits?: (header: GgufFile) => void },
): void {
  if (options.force) return;
  if (!fillsIn(header.specialTokens)) throw new CodedError("MODEL_NOT_FIM", header.name);
  options.fits?.(header);
}

/** @throws CodedError `MODEL_TOO_LARGE`, with the figures */
export function refuseTooLarge(
  { parameters, shape, trainContextSize }: GgufFile,
  weightsBytes: number,
  machine: MachineFacts,
): void {
  const needs = { weightsBytes, parameters, trainContextSize };
  const fit = fitModel(shape === undefined ? needs : { ...needs, shape }, machine);
  if (fit.verdict === "tooLarge") throw new CodedError("MODEL_TOO_LARGE", fit.reason);
}
