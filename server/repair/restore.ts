import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackupRecord } from "../protocol/repair.ts";
import { withFileLock } from "../state/fileLock.ts";
import { backupPath, createBackup } from "./backup.ts";
import { readBackup } from "./readBackup.ts";
import { discard, writeFailure } from "../state/writeFailure.ts";
import { makeFolder } from "../state/makeFolder.ts";

export interface RestoreOptions {
  readonly homePath: string;
  /** The backup. */
  readonly path: string;
  /** The editor's present settings, which are saved before. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly now: Date;
}

/** One file on its way to its place. */
interface Replacement {
  readonly target: string;
  readonly staged: string;
  /** Where the present file waits until all is done. */
  readonly aside: string;
}

/**
 * Restores a backup: all of it or nothing. What was there is saved first. Running servers need not
 * be told: they add to the files under the same locks, and read them anew each time. Settings are
 * returned for the editor to write.
 * @throws CodedError `BACKUP_INVALID`, `BACKUP_VERSION`, `HOME_NOT_WRITABLE` or `DISK_FULL`
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupRecord> {
  const { homePath, path, settings, now } = options;
  const backup = readBackup(path);
  const previous = createBackup({
    homePath,
    path: backupPath(homePath, now, "before-restore"),
    now,
    ...(settings === undefined ? {} : { settings }),
  });
  await replaceAll(homePath, backup.files);
  return {
    path,
    manifest: backup.manifest,
    ...(backup.settings === undefined ? {} : { settings: backup.settings }),
    previous: previous.path,
    ...(backup.leftOut.length === 0 ? {} : { leftOut: [...backup.leftOut] }),
  };
}

async function replaceAll(homePath: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const suffix = `${String(process.pid)}-${randomBytes(4).toString("hex")}`;
  const replacements: Replacement[] = [];
  const done: Replacement[] = [];
  try {
    for (const [name, bytes] of files) {
      const target = join(homePath, name);
      const staged = `${target}.${suffix}.partial`;
      replacements.push({ target, staged, aside: `${target}.${suffix}.before` });
      makeFolder(dirname(target));
      writeFileSync(staged, bytes, { mode: 0o600, flag: "wx" });
    }
    for (const replacement of replacements) {
      await withFileLock(replacement.target, () => exchange(replacement));
      done.push(replacement);
    }
  } catch (thrown) {
    for (const replacement of done.reverse()) {
      // Without a lock at worst: what was there must come back.
      await withFileLock(replacement.target, () => undefined).catch(() => undefined);
      putBack(replacement);
    }
    throw writeFailure(homePath, thrown);
  } finally {
    for (const { staged, aside } of replacements) {
      discard(staged);
      discard(aside);
    }
  }
}

/** The file is there all the time: readers hold no lock. */
function exchange({ target, staged, aside }: Replacement): void {
  if (existsSync(target)) copyFileSync(target, aside);
  renameSync(staged, target);
}

function putBack({ target, aside }: Replacement): void {
  if (existsSync(aside)) renameSync(aside, target);
  else rmSync(target, { force: true });
}
