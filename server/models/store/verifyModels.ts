import { CodedError, toCodedError, type CodedErrorData } from "../../protocol/errors.ts";
import type { StoredModel, VerifyRecord } from "../../protocol/models.ts";
import { readGgufFile } from "../ggufFile.ts";
import { verifyModelHash } from "./modelHash.ts";
import { partsOf } from "./splitName.ts";

export interface VerifyOptions {
  readonly homePath: string;
  /** The folder of bundled models. */
  readonly bundledFolder: string;
  readonly models: readonly Pick<StoredModel, "id" | "path">[];
  /** Told the path of each file before it is read. */
  readonly note: (path: string) => void;
  /** Once aborted, the models that are left are not looked at. */
  readonly signal: AbortSignal;
}

/** What came of one model; `error` says what is wrong with it. */
export type Verified = VerifyRecord["models"][number] & {
  readonly sizeBytes?: number;
  readonly error?: CodedErrorData;
};

/**
 * Reads model files from the first byte to the last, and compares each with what it was: the one way
 * to verify, of doctor, rebuild and command line. Never rejects. Models that were not reached before
 * `signal` was aborted are left out.
 */
export async function verifyModels(options: VerifyOptions): Promise<Verified[]> {
  const verified: Verified[] = [];
  for (const { id, path } of options.models) {
    let worst: Verified | undefined;
    for (const part of partsOf(path)) {
      const one = await verifyFile({ ...options, id, path: part });
      if (one === undefined) return verified;
      if (worst === undefined || order[one.status] > order[worst.status]) worst = one;
    }
    if (worst !== undefined) verified.push({ ...worst, path });
  }
  return verified;
}

const order = { same: 0, firstSeen: 1, damaged: 2, missing: 3 } as const;

interface FileToVerify extends Omit<VerifyOptions, "models"> {
  readonly id: string;
  readonly path: string;
}

/** Undefined when it was cancelled: reading ends in the middle then, which is no fault of the file. */
async function verifyFile(options: FileToVerify): Promise<Verified | undefined> {
  const { id, path, note, signal } = options;
  const isCancelled = (): boolean => signal.aborted;
  if (isCancelled()) return undefined;
  note(path);
  try {
    const { sizeBytes } = await readGgufFile(path);
    const hash = await verifyModelHash(options);
    const { sha256 } = hash;
    if (hash.kind !== "other") {
      const status = hash.kind === "same" ? "same" : "firstSeen";
      return { id, path, status, sha256, sizeBytes };
    }
    const { expected } = hash;
    const detail = `${path} has the hash ${sha256}, not ${expected}.`;
    const error = new CodedError("MODEL_DAMAGED", detail).toData();
    return { id, path, status: "damaged", sha256, expected, sizeBytes, error };
  } catch (thrown) {
    if (isCancelled()) return undefined;
    const error = toCodedError(thrown).toData();
    return { id, path, status: error.code === "MODEL_NOT_FOUND" ? "missing" : "damaged", error };
  }
}
