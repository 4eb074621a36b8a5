import { readdir, readFile } from "node:fs/promises";

/** The process ids of the log readers of a session, told by their home; from /proc, so on Linux only. */
export async function logReadersOf(home: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
        if (!command.includes("dist/logs.mjs")) return [];
        const environment = await readFile(`/proc/${pid}/environ`, "utf8");
        return environment.split("\0").includes(`STARCODER_HOME=${home}`) ? [Number(pid)] : [];
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return [];
      }
    }),
  );
  return found.flat();
}
