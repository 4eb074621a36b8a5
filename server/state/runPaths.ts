import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import type { Home } from "./home.ts";
import { makeFolder } from "./makeFolder.ts";

/** Where one host's socket, run file, launch lock and output lie. */
export interface RunPaths {
  readonly key: string;
  /** A Unix socket, or the name of a pipe on Windows. */
  readonly socketPath: string;
  readonly runFilePath: string;
  readonly lockPath: string;
  readonly logPath: string;
}

export interface RunPathsOptions {
  readonly platform?: NodeJS.Platform;
  /** Folders for sockets of homes whose own path is too long, the first that fits is taken. */
  readonly shortFolders?: readonly string[];
}

/** A socket's address holds 104 bytes on macOS and 108 on Linux, the terminating zero included. */
const maxSocketPathBytes = 100;

/**
 * The run paths of the host with this engine key. Two homes never share a path. A socket whose
 * path would be too long lies in a private folder elsewhere, created here.
 * @throws CodedError `HOME_NOT_WRITABLE` when that folder belongs to someone else.
 */
export function runPathsOf(home: Home, key: string, options: RunPathsOptions = {}): RunPaths {
  return {
    key,
    socketPath: socketPathOf(home, key, options),
    runFilePath: join(home.run, `${key}.json`),
    lockPath: join(home.run, `${key}.lock`),
    logPath: join(home.logs, `host-${key}.log`),
  };
}

function socketPathOf(home: Home, key: string, options: RunPathsOptions): string {
  if ((options.platform ?? process.platform) === "win32") {
    return `\\\\.\\pipe\\starcoder-${hash(JSON.stringify([userInfo().username, home.path, key]))}`;
  }
  const own = join(home.run, `${key}.sock`);
  if (fits(own)) return own;
  for (const folder of options.shortFolders ?? [tmpdir(), "/tmp"]) {
    const uid = process.getuid?.() ?? 0;
    const short = join(folder, `starcoder-${String(uid)}-${hash(home.path).slice(0, 16)}`);
    const socketPath = join(short, `${key}.sock`);
    if (!fits(socketPath)) continue;
    makePrivate(short, uid);
    return socketPath;
  }
  throw new CodedError("HOME_NOT_WRITABLE", `${home.path} is too long for a socket.`);
}

/** Anyone may create files in the temporary folder: what is there already may be a trap. */
function makePrivate(folder: string, uid: number): void {
  try {
    makeFolder(folder);
    const status = lstatSync(folder);
    if (!status.isDirectory() || status.uid !== uid || (status.mode & 0o077) !== 0) {
      throw new CodedError("HOME_NOT_WRITABLE", `${folder} is not private to this user.`);
    }
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    throw new CodedError("HOME_NOT_WRITABLE", folder, thrown);
  }
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maxSocketPathBytes;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
