import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loggedRecord, type DownloadBench } from "./place.ts";

/**
 * Kills a download in the middle and lets it go on: what is read again from the disk, beside what was
 * there. With one connection, since with several a part arrives out of order and is read again anyway.
 */
export async function measureResume(
  bench: DownloadBench,
  print: (line: string) => void,
): Promise<void> {
  const homePath = mkdtempSync(join(bench.folder, "home-"));
  let there = 0;
  let hasKilled = false;
  const state = await bench.download(homePath, {
    connections: 1,
    onState: ({ pid, receivedBytes, totalBytes = Infinity }) => {
      if (hasKilled || pid === undefined || receivedBytes < totalBytes / 2) return;
      hasKilled = true;
      process.kill(pid, "SIGKILL");
      there = listed(homePath);
    },
  });
  if (state.phase !== "done" || there === 0) throw new Error(`It ended as ${state.phase}.`);
  const record = await loggedRecord(homePath, "download done");
  const reread = Number(record["rereadBytes"]);
  const share = reread / there;
  const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`;
  print(
    `  resume after a kill: ${megabytes(Number(record["lateBytes"]))} more arrived before the hash was there;`,
  );
  print(
    `  resume after a kill: ${megabytes(there)} were there, ${megabytes(reread)} read again: ${share.toFixed(2)} (bar: 1)`,
  );
  rmSync(homePath, { recursive: true, force: true, maxRetries: 5 });
}

/** What the list of a killed download says is there. */
function listed(homePath: string): number {
  const path = join(homePath, "models", "downloads", "large.part.ranges.json");
  const { ranges } = JSON.parse(readFileSync(path, "utf8")) as { ranges: [number, number][] };
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}
