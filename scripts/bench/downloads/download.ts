import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loggedRecord, procFigure, type DownloadBench } from "./place.ts";

/** Fetches a file into another as anybody would write it, and prints the milliseconds. */
const plainCopy = `
const { createWriteStream } = require("node:fs");
const { Readable } = require("node:stream");
const { pipeline } = require("node:stream/promises");
const startedAt = performance.now();
fetch(process.argv[1]).then(async (response) => {
  await pipeline(Readable.fromWeb(response.body), createWriteStream(process.argv[2]));
  console.log(performance.now() - startedAt);
});`;

/** Downloads beside plain copies, in turn; the best of each is compared. */
export async function measureDownload(
  bench: DownloadBench,
  rounds: number,
  print: (line: string) => void,
): Promise<void> {
  const { folder, sizeBytes } = bench;
  const rate = (ms: number) => `${(sizeBytes / 1000 / ms).toFixed(0)} MB/s`;
  const ratios: number[] = [];
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    const copyMs = await runPlainCopy(bench.url, join(folder, "copy.gguf"));
    rmSync(join(folder, "copy.gguf"));
    const homePath = mkdtempSync(join(folder, "home-"));
    const state = await bench.download(homePath, {
      onState: ({ pid }) => {
        if (pid !== undefined) peak = Math.max(peak, procFigure(pid, "status", "VmHWM") * 1024);
      },
    });
    if (state.phase !== "done") throw new Error(`The download ended as ${state.phase}.`);
    const ms = Number((await loggedRecord(homePath, "download done"))["durationMs"]);
    ratios.push(copyMs / ms);
    print(
      `  plain copy ${rate(copyMs)}, download ${rate(ms)} (verified and synced): ratio ${(copyMs / ms).toFixed(2)}`,
    );
    rmSync(homePath, { recursive: true, force: true, maxRetries: 5 });
  }
  const median = ratios.toSorted((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
  print(`  download: median ratio ${median.toFixed(2)} (bar: 0.7)`);
  print(`  memory of the process at its peak: ${(peak / 1_000_000).toFixed(0)} MB (bar: 150)`);
}

function runPlainCopy(url: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", plainCopy, url, path]);
    let output = "";
    child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
    child.once("close", () => {
      const ms = Number(output);
      if (ms > 0) resolve(ms);
      else reject(new Error("The plain copy failed."));
    });
  });
}
