import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect } from "node:net";
import type { PortUse } from "../world.ts";

/** Who listens on a TCP port of this machine, as far as the system tells. */
export async function useOfPort(port: number, signal: AbortSignal): Promise<PortUse> {
  const owner =
    process.platform === "linux" ? await ownerOnLinux(port, signal) : await ownerByLsof(port);
  if (owner !== undefined) return { kind: "used", ...owner };
  return (await accepts(port)) ? { kind: "used" } : { kind: "free" };
}

interface Owner {
  readonly pid?: number;
  readonly program?: string;
}

async function ownerOnLinux(port: number, signal: AbortSignal): Promise<Owner | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const inodes = new Set(tables.flatMap((table) => listenersOf(table, port)));
  if (inodes.size === 0) return undefined;
  const wanted = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (signal.aborted) break;
    if (!/^\d+$/.test(pid)) continue;
    const folder = `/proc/${pid}/fd`;
    // Those of other users cannot be read.
    const files = await readdir(folder).catch(() => []);
    const links = await Promise.all(
      files.map((file) => readlink(`${folder}/${file}`).catch(() => "")),
    );
    if (!links.some((link) => wanted.has(link))) continue;
    const program = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
    return { pid: Number(pid), ...(program === "" ? {} : { program }) };
  }
  return {};
}

/** Inodes of the sockets that listen on a port, by a table of `/proc/net`. */
export function listenersOf(table: string, port: number): readonly string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(ending) === true && state === "0A" && inode !== undefined ? inode : [];
  });
}

function ownerByLsof(port: number): Promise<Owner | undefined> {
  if (process.platform === "win32") return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
    execFile("lsof", args, { timeout: 3000 }, (_, output) => {
      const pid = /^p(\d+)$/m.exec(output)?.[1];
      const program = /^c(.+)$/m.exec(output)?.[1];
      if (pid === undefined) resolve(undefined);
      else resolve({ pid: Number(pid), ...(program === undefined ? {} : { program }) });
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
