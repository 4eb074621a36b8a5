import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { CodedError } from "../protocol/errors.ts";
import { backupManifestSchema, backupVersion, type BackupManifest } from "../protocol/repair.ts";
import { sha256 } from "./backup.ts";
import { checkKept, keptFileOf, keptLimits, settingsFile } from "./keptFiles.ts";
import { workflowLimits } from "../state/workflowHistory.ts";
import { readZip, type ZipEntry } from "./readZip.ts";

/** A backup whose every part was found sound. */
export interface ReadBackup {
  readonly manifest: BackupManifest;
  /** Files of the home by their path under it. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Sound files that would do harm here, by name with the reason; not among `files`. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

const manifestName = "manifest.json";
const mostEntries = 64 + workflowLimits.files;
const mostManifestBytes = 1024 * 1024;

const versionSchema = z.object({ format: z.literal("starcoder-backup"), version: z.number() });
const settingsSchema = z.record(z.string(), z.unknown());

/**
 * Reads a backup, which may come from anywhere, and checks all of it.
 * @throws CodedError `BACKUP_INVALID` or `BACKUP_VERSION`; nothing was written
 */
export function readBackup(path: string): ReadBackup {
  try {
    return check(load(path));
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("BACKUP_INVALID", `${path}: ${reason}`, thrown);
  }
}

function load(path: string): readonly ZipEntry[] {
  const status = statSync(path);
  if (!status.isFile()) throw new RangeError("It is not a file.");
  if (status.size > keptLimits.allBytes) throw new RangeError("It is too large.");
  const limits = { ...keptLimits, entries: mostEntries };
  return readZip(readFileSync(path), limits);
}

function check(entries: readonly ZipEntry[]): ReadBackup {
  const manifest = readManifest(entries);
  const stated = new Map(manifest.files.map((file) => [file.name, file]));
  if (stated.size !== manifest.files.length)
    throw new RangeError("Its manifest names a file twice.");
  const names = new Set([...stated.keys(), ...entries.map(({ name }) => name)]);
  names.delete(manifestName);
  const unknown = [...names].find((name) => keptFileOf(name) === undefined);
  if (unknown !== undefined) throw new RangeError(`${JSON.stringify(unknown)} is no part of one.`);
  const files = new Map<string, Buffer>();
  const leftOut: { name: string; reason: string }[] = [];
  let settings: ReadBackup["settings"];
  for (const file of [...names].flatMap((name) => keptFileOf(name) ?? [])) {
    const entry = entries.find(({ name }) => name === file.name);
    const facts = stated.get(file.name);
    if (entry === undefined) throw new RangeError(`${file.name} is missing.`);
    if (facts === undefined) throw new RangeError(`${file.name} is not in its manifest.`);
    const bytes = entry.read();
    if (bytes.length !== facts.bytes || sha256(bytes) !== facts.sha256.toLowerCase()) {
      throw new RangeError(`${file.name} is damaged: its hash is another one.`);
    }
    const content = checkKept(file, bytes);
    if (content.kind === "damaged") throw new RangeError(`${file.name} is ${content.reason}.`);
    if (content.kind === "otherVersion") {
      throw new CodedError(
        "BACKUP_VERSION",
        `${file.name} has version ${String(content.version)}.`,
      );
    }
    const reason = file.unfit?.(content.value);
    if (reason !== undefined) leftOut.push({ name: file.name, reason });
    else if (file.inHome) files.set(file.name, bytes);
    if (file.name === settingsFile) settings = settingsSchema.parse(content.value);
  }
  return { manifest, files, settings, leftOut };
}

function readManifest(entries: readonly ZipEntry[]): BackupManifest {
  const entry = entries.find(({ name }) => name === manifestName);
  if (entry === undefined) throw new RangeError("It has no manifest.");
  const bytes = entry.read();
  if (bytes.length > mostManifestBytes) throw new RangeError("Its manifest is too large.");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new RangeError("Its manifest is not JSON.");
  }
  const version = versionSchema.safeParse(value);
  if (version.success && version.data.version !== backupVersion) {
    const detail = `It has version ${String(version.data.version)}, this program reads ${String(backupVersion)}.`;
    throw new CodedError("BACKUP_VERSION", detail);
  }
  const manifest = backupManifestSchema.safeParse(value);
  if (!manifest.success) throw new RangeError("Its manifest is of another form.");
  return manifest.data;
}
