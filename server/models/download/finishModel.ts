import { linkSync, lstatSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import { formatBytes } from "../../protocol/figures.ts";
import { hashFile } from "../store/modelHash.ts";
import { diskFailure } from "./diskFailure.ts";
import { safeName } from "./places.ts";
import type { RemoteFile } from "./remoteFile.ts";

/** What other programs may write meanwhile without the disk running full. */
const marginBytes = 64 * 1024 * 1024;

/** Below this a download stops by itself: the system and other programs need some. */
const leastBytes = 16 * 1024 * 1024;

/** @throws CodedError `DISK_FULL` where so many bytes and a margin do not fit */
export function checkSpace(folder: string, neededBytes: number, freeBytes: number): void {
  if (freeBytes >= neededBytes + (neededBytes === 0 ? leastBytes : marginBytes)) return;
  throw new CodedError(
    "DISK_FULL",
    `${formatBytes(neededBytes)} are needed in ${folder}, and ${formatBytes(freeBytes)} are free.`,
  );
}

/**
 * The names that the files of a model get in the folder of models: their own, or with the model's id
 * before them where another model has them.
 * @returns with each whether the very file lies there already
 * @throws CodedError `DOWNLOAD_UNSAFE` for what is no file in that place; the signal's reason
 */
export async function finalNames(
  folder: string,
  id: string,
  files: readonly RemoteFile[],
  signal: AbortSignal,
): Promise<{ readonly names: string[]; readonly isThere: boolean }> {
  const own = files.map(({ path }) => safeName(path));
  for (const prefix of ["", `${id}-`]) {
    const names = own.map((name) => prefix + name);
    const found = names.map((name) => entryAt(join(folder, name)));
    if (found.every((size) => size === undefined)) return { names, isThere: false };
    const isSame = files.map(
      ({ sizeBytes, sha256 }, index) => sha256 !== undefined && found[index] === sizeBytes,
    );
    if (!isSame.every(Boolean)) continue;
    const reading = names.map((name) => hashFile(join(folder, name), signal));
    const hashes = await Promise.all(reading).catch((thrown: unknown) => {
      signal.throwIfAborted();
      throw thrown;
    });
    if (files.every(({ sha256 }, index) => sha256 === hashes[index])) {
      return { names, isThere: true };
    }
  }
  // A damaged file of this very model: the new one takes its place.
  return { names: own.map((name) => `${id}-${name}`), isThere: false };
}

/** Size of a file; undefined where nothing is. */
function entryAt(path: string): number | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isFile()) return found.size;
  const what = found.isSymbolicLink() ? "a symbolic link" : "no file";
  throw new CodedError("DOWNLOAD_UNSAFE", `${path} is ${what}.`);
}

/**
 * Gives a whole, verified file its final name, in one step that survives the loss of power.
 * @throws CodedError `HOME_NOT_WRITABLE`, `DISK_FULL`
 */
export async function placeFile(from: string, to: string): Promise<void> {
  try {
    try {
      // Unlike a renaming it never takes the place of another file.
      linkSync(from, to);
      rmSync(from);
    } catch {
      // File systems without links, and a damaged file of the same name.
      renameSync(from, to);
    }
    await syncFolder(join(to, ".."));
  } catch (thrown) {
    throw diskFailure(to, thrown);
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; its file system keeps names by itself.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch {
    // Not every file system can.
  } finally {
    await folder.close();
  }
}
