import { chmodSync, lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A socket that only this user may connect to. */
export interface Listener {
  /** Accepts nobody any more and removes the socket if it is still this one. */
  close(): void;
}

/**
 * Listens on a path, replacing what a dead host left there. Rejects with the system's error, and
 * when a living host listens: the launcher's lock prevents that, save where a server stood still
 * for so long that another took the lock over.
 */
export async function listen(
  socketPath: string,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const pipe = process.platform === "win32";
  if (!pipe) {
    if (await isServed(socketPath)) throw new Error(`Another host listens on ${socketPath}.`);
    rmSync(socketPath, { force: true });
  }
  const server = createServer(onConnection);
  const umask = process.umask(0o177);
  try {
    await started(server, socketPath);
  } finally {
    process.umask(umask);
  }
  if (!pipe) chmodSync(socketPath, 0o600);
  const inode = pipe ? undefined : inodeOf(socketPath);
  return {
    close() {
      // Node removes the path on close, even when another host has put its own socket there.
      if (inode !== undefined && inodeOf(socketPath) !== inode) return;
      server.close();
      if (!pipe) rmSync(socketPath, { force: true });
    },
  };
}

function isServed(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath, () => resolve(true));
    probe.on("error", () => resolve(false));
    probe.on("connect", () => probe.destroy());
  });
}

function started(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function inodeOf(path: string): number | undefined {
  try {
    return lstatSync(path).ino;
  } catch {
    return undefined;
  }
}
