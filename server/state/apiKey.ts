import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import { makeFolder } from "./makeFolder.ts";
import { writeFailure } from "./writeFailure.ts";

/*
 * The key of the loopback API: 32 random bytes as base64url in `api.key` of the home, mode 0600. Who
 * can read it may use the model; links are not followed, so that nobody else's file becomes the key.
 */

const form = /^[A-Za-z0-9_-]{43}$/;
/** Where the system has no such flag (Windows), the look before opening has to do. */
const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/** The file that holds the key of a home. */
export function apiKeyPath(homePath: string): string {
  return join(homePath, "api.key");
}

/**
 * The key; made at the first call.
 * @throws CodedError `API_KEY_INVALID` where the file is a link, is readable for others or holds no
 * key; `HOME_NOT_WRITABLE` or `DISK_FULL` where it cannot be made
 */
export function openApiKey(homePath: string): string {
  const path = apiKeyPath(homePath);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    makeFolder(homePath);
    try {
      write(path, newKey());
    } catch (thrown) {
      // Two programs may start at once: the first one's key counts.
      if (!isCode(thrown, "EEXIST")) throw writeFailure(path, thrown);
    }
  }
  return read(path);
}

/** Makes a new key in one step; whoever holds the old one is refused from then on. */
export function rotateApiKey(homePath: string): string {
  const path = apiKeyPath(homePath);
  const partial = `${path}.${String(process.pid)}.partial`;
  const key = newKey();
  try {
    makeFolder(homePath);
    rmSync(partial, { force: true });
    write(partial, key);
    renameSync(partial, path);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw writeFailure(path, thrown);
  }
  return key;
}

/** Says whether a text is the key as the file has it at that moment. Takes the same time for all. */
export function createKeyCheck(homePath: string): (given: string) => boolean {
  const path = apiKeyPath(homePath);
  let seen = "";
  let hash: Buffer | undefined;

  function refresh(): void {
    const status = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    const now = status === undefined ? "" : `${status.ino} ${status.mtimeNs} ${status.ctimeNs}`;
    if (now === seen) return;
    seen = now;
    try {
      hash = hashOf(read(path));
    } catch {
      // Without a key that can be relied on nobody gets in.
      hash = undefined;
    }
  }

  return (given) => {
    refresh();
    return hash !== undefined && timingSafeEqual(hashOf(given), hash);
  };
}

function newKey(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function write(path: string, key: string): void {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | noFollow;
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, `${key}\n`);
  } finally {
    closeSync(file);
  }
}

function read(path: string): string {
  const refuse = (why: string, cause?: unknown) =>
    new CodedError(
      "API_KEY_INVALID",
      `${path} ${why}. \`starcoder serve --rotate-key\` makes a new one.`,
      cause,
    );
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw refuse("is a link");
  }
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | noFollow);
  } catch (thrown) {
    throw refuse("cannot be read", thrown);
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw refuse("is no file");
    const isPrivate = process.platform === "win32" || (status.mode & 0o077) === 0;
    if (!isPrivate) throw refuse("can be read by others");
    const bytes = Buffer.alloc(100);
    const text = bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, 0)).trim();
    if (!form.test(text)) throw refuse("holds no key");
    return text;
  } finally {
    closeSync(file);
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
