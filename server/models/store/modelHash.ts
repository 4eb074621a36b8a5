import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CodedError } from "../../protocol/errors.ts";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { modelsFolder, readStore } from "./storeFile.ts";

/** Who said what the hash should be: the product, the hub it was downloaded from, or an earlier look. */
export type HashSource = "shipped" | "downloaded" | "remembered";

/** What hashing a model file told. */
export type ModelHash =
  | { readonly kind: "same"; readonly sha256: string; readonly source: HashSource }
  /** Nothing was known of this file; it is now. */
  | { readonly kind: "first"; readonly sha256: string }
  | { readonly kind: "other"; readonly sha256: string; readonly expected: string };

/** `hashes.json` beside the bundled models: SHA-256 by file name. */
const shippedSchema = z.record(z.string(), z.string());

const rememberedSchema = z.object({
  version: z.literal(1),
  files: z.record(
    z.string(),
    z.object({ sizeBytes: z.number(), inode: z.number(), sha256: z.string() }),
  ),
});

export interface ModelHashOptions {
  readonly path: string;
  readonly homePath: string;
  /** The folder of bundled models. */
  readonly bundledFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Hashes a model file and compares it: a bundled one with what was shipped, a downloaded one with
 * what the hub announced, another with what it was when first hashed. A file put in the place of
 * another is another file, which is remembered.
 * @throws CodedError `MODEL_NOT_FOUND` or `MODEL_INVALID` where it cannot be read
 */
export async function verifyModelHash(options: ModelHashOptions): Promise<ModelHash> {
  const { path, homePath, bundledFolder, signal } = options;
  const real = await realpath(path).catch(unreadable(path));
  const { size: sizeBytes, ino: inode } = await stat(real).catch(unreadable(path));
  const sha256 = await hashFile(real, signal).catch(unreadable(path));
  const announced = await announcedHash(real, homePath, bundledFolder);
  if (announced !== undefined) {
    const { expected, source } = announced;
    if (expected === sha256) return { kind: "same", sha256, source };
    return { kind: "other", sha256, expected };
  }
  const memoryPath = join(homePath, "state", "modelHashes.json");
  const memory = readJson(memoryPath, rememberedSchema, 1_000_000) ?? { version: 1, files: {} };
  const known = memory.files[real];
  if (known !== undefined && known.sizeBytes === sizeBytes && known.inode === inode) {
    if (known.sha256 === sha256) return { kind: "same", sha256, source: "remembered" };
    return { kind: "other", sha256, expected: known.sha256 };
  }
  const files = { ...memory.files, [real]: { sizeBytes, inode, sha256 } };
  try {
    makeFolder(dirname(memoryPath));
    writeJson(memoryPath, { version: 1, files });
  } catch {
    // A home that cannot be written is for another check to tell.
  }
  return { kind: "first", sha256 };
}

interface Announced {
  readonly expected: string;
  readonly source: HashSource;
}

/** What somebody said it must be. */
async function announcedHash(
  real: string,
  homePath: string,
  bundledFolder: string,
): Promise<Announced | undefined> {
  const shipped = await shippedHash(real, bundledFolder);
  if (shipped !== undefined) return { expected: shipped, source: "shipped" };
  const folder = await realpath(modelsFolder(homePath)).catch(() => undefined);
  if (folder === undefined || dirname(real) !== folder) return undefined;
  const files = readStore(homePath).models.flatMap((model) => model.files);
  const expected = files.find(({ name }) => join(folder, name) === real)?.sha256;
  return expected === undefined ? undefined : { expected, source: "downloaded" };
}

async function shippedHash(real: string, folder: string): Promise<string | undefined> {
  const shipped = readJson(join(folder, "hashes.json"), shippedSchema, 100_000) ?? {};
  const place = await realpath(folder).catch(() => folder);
  const name = Object.keys(shipped).find((file) => join(place, file) === real);
  return name === undefined ? undefined : shipped[name];
}

/** The SHA-256 of a file as hexadecimal digits, read in pieces. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const pieces = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  for await (const piece of pieces) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function unreadable(path: string): (thrown: unknown) => never {
  return (thrown) => {
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw missing
      ? new CodedError("MODEL_NOT_FOUND", path, thrown)
      : new CodedError("MODEL_INVALID", `${path}: ${reason}`, thrown);
  };
}
