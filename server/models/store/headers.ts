import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CodedError, codedErrorSchema, toCodedError } from "../../protocol/errors.ts";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { formatBytes } from "../../protocol/figures.ts";
import { fillsIn } from "../fillsIn.ts";
import { readGgufFile } from "../ggufFile.ts";
import { partsOf } from "./splitName.ts";
import { within } from "./within.ts";

const headerSchema = z.object({
  name: z.string(),
  architecture: z.string(),
  quantization: z.string(),
  /** All parts of a split model. */
  sizeBytes: z.number(),
  error: codedErrorSchema.optional(),
});
/** What a list says of a model file. */
export type Header = z.infer<typeof headerSchema>;

const cacheSchema = z.object({
  version: z.literal(1),
  headers: z.record(z.string(), z.object({ seen: z.string(), header: headerSchema })),
});

/** Reads headers of model files, each file once as long as it stays the same. */
export interface Headers {
  /** Never rejects: what is wrong with a file is its `error`. */
  read(path: string): Promise<Header>;
  /** Keeps for the next process what was read. */
  save(): void;
}

const mostKept = 500;
/** A header with its vocabulary is some megabytes. */
const patienceMs = 5000;

/** Headers as read before, from the home; nothing is written before `save`. */
export function createHeaders(homePath: string): Headers {
  const path = join(homePath, "state", "modelHeaders.json");
  const known = readJson(path, cacheSchema, 2_000_000)?.headers ?? {};
  const used = new Map<string, { seen: string; header: Header }>();
  let changed = false;

  return {
    async read(file) {
      try {
        const { real, seen } = await within(patienceMs, file, identify(file));
        const before = known[real];
        if (before?.seen === seen) {
          used.set(real, before);
          return before.header;
        }
        const header = await within(patienceMs, file, readHeader(file));
        used.set(real, { seen, header });
        changed = true;
        return header;
      } catch (thrown) {
        const error = toCodedError(thrown, "MODEL_INVALID").toData();
        return { name: "", architecture: "", quantization: "", sizeBytes: 0, error };
      }
    },
    save() {
      if (!changed) return;
      const rest = Object.entries(known).filter(([key]) => !used.has(key));
      const headers = Object.fromEntries([...used, ...rest].slice(0, mostKept));
      try {
        makeFolder(dirname(path));
        writeJson(path, { version: 1, headers });
      } catch {
        // They are read anew next time.
      }
    },
  };
}

/** Which file lies there, and that it is the one that was read. */
async function identify(file: string): Promise<{ real: string; seen: string }> {
  try {
    const real = await realpath(file);
    const [first, ...others] = await Promise.all(
      partsOf(file).map((part) => stat(part).catch(() => undefined)),
    );
    if (first === undefined) throw new CodedError("MODEL_NOT_FOUND", file);
    const all = [first, ...others].map((part) =>
      part === undefined ? "-" : `${part.size}:${part.mtimeMs}:${part.ino}`,
    );
    return { real, seen: all.join(" ") };
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : "";
    const missing = code === "ENOENT" || code === "ENOTDIR";
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw missing
      ? new CodedError("MODEL_NOT_FOUND", file, thrown)
      : new CodedError("MODEL_INVALID", `${file}: ${reason}`, thrown);
  }
}

async function readHeader(file: string): Promise<Header> {
  const parts = await Promise.all(partsOf(file).map((part) => stat(part).catch(() => undefined)));
  const sizeBytes = parts.reduce((sum, part) => sum + (part?.size ?? 0), 0);
  try {
    const { name, architecture, quantization, ...rest } = await readGgufFile(file);
    const error = faultOf(file, rest, parts.indexOf(undefined), parts.length);
    return { name, architecture, quantization, sizeBytes, ...(error ? { error } : {}) };
  } catch (thrown) {
    const error = toCodedError(thrown, "MODEL_INVALID").toData();
    return { name: "", architecture: "", quantization: "", sizeBytes, error };
  }
}

interface Looked {
  readonly sizeBytes: number;
  readonly endOfWeights: number;
  readonly specialTokens: readonly string[];
}

function faultOf(file: string, read: Looked, missingPart: number, parts: number) {
  if (missingPart >= 0) {
    const which = `part ${String(missingPart + 1)} of ${String(parts)} is not there`;
    return new CodedError("MODEL_INVALID", `${file}: ${which}.`).toData();
  }
  if (read.endOfWeights > read.sizeBytes) {
    const [is, should] = [formatBytes(read.sizeBytes), formatBytes(read.endOfWeights)];
    const detail = `${file} is truncated: ${is} of at least ${should} are there.`;
    return new CodedError("MODEL_INVALID", detail).toData();
  }
  if (!fillsIn(read.specialTokens)) return new CodedError("MODEL_NOT_FIM", file).toData();
  return undefined;
}
