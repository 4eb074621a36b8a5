import { createHash, randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { CodedError } from "../protocol/errors.ts";
import { backupVersion, type BackupManifest } from "../protocol/repair.ts";
import { productVersion } from "../protocol/version.ts";
import { checkKept, keptFilesIn, keptLimits, settingsFile } from "./keptFiles.ts";
import { discard, writeFailure } from "../state/writeFailure.ts";
import { makeFolder } from "../state/makeFolder.ts";

export interface BackupOptions {
  readonly homePath: string;
  /** Where it is written. */
  readonly path: string;
  /** The editor's settings; absent where no editor asks. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly now: Date;
  /** Replace a file that is there. */
  readonly force?: boolean;
}

export interface Backup {
  readonly path: string;
  readonly manifest: BackupManifest;
  /** Files of the home that were left out, with the reason. */
  readonly leftOut: readonly string[];
}

/** Where a backup lies unless told otherwise. */
export function backupPath(homePath: string, now: Date, prefix = "starcoder"): string {
  const time = now.toISOString().replace(/[:.]/g, "-");
  return join(homePath, "backups", `${prefix}-${time}.zip`);
}

/**
 * Saves settings, dismissed findings, statistics, generated results and catalogue in one zip file,
 * mode 0600.
 * @throws CodedError `VALIDATION_ERROR` where a file is in the way, `HOME_NOT_WRITABLE` or
 * `DISK_FULL` where it cannot be written; an earlier file then stays as it was
 */
export function createBackup(options: BackupOptions): Backup {
  const { homePath, path, settings, now } = options;
  const leftOut: string[] = [];
  const contents = new Map<string, Buffer>();
  if (settings !== undefined) contents.set(settingsFile, toJson(settings));
  for (const file of keptFilesIn(homePath)) {
    const bytes = readKept(join(homePath, file.name));
    if (bytes === undefined) continue;
    const content = checkKept(file, bytes);
    if (content.kind === "sound") contents.set(file.name, bytes);
    else leftOut.push(`${file.name}: it is damaged or of another version.`);
  }
  const manifest: BackupManifest = {
    format: "starcoder-backup",
    version: backupVersion,
    productVersion,
    createdAt: now.toISOString(),
    files: [...contents].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
  const zip: Zippable = { "manifest.json": toJson(manifest) };
  for (const [name, bytes] of contents) zip[name] = bytes;
  // Zip files know no earlier year than 1980.
  writeWhole(path, zipSync(zip, { level: 6, mtime: "2000-01-01" }), options.force === true);
  return { path, manifest, leftOut };
}

/** The SHA-256 of some bytes, as hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function readKept(path: string): Buffer | undefined {
  try {
    const status = statSync(path);
    if (!status.isFile() || status.size > keptLimits.fileBytes) return undefined;
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

function writeWhole(path: string, content: Uint8Array, force: boolean): void {
  const partial = `${path}.${String(process.pid)}-${randomBytes(4).toString("hex")}.partial`;
  try {
    makeFolder(dirname(path));
    writeFileSync(partial, content, { mode: 0o600, flag: "wx" });
    if (force) renameSync(partial, path);
    else place(partial, path);
  } catch (thrown) {
    throw writeFailure(path, thrown);
  } finally {
    discard(partial);
  }
}

/** Puts a file where none is, even if another comes there in the same moment. */
function place(partial: string, path: string): void {
  try {
    linkSync(partial, path);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (code === "EEXIST") {
      const detail = `${path} exists already: choose another name, or add --force.`;
      throw new CodedError("VALIDATION_ERROR", detail, thrown);
    }
    // File systems without hard links.
    writeFileSync(path, readFileSync(partial), { mode: 0o600, flag: "wx" });
  }
}
