/**
 * Many windows on one host: `npm run bench:windows`. `-- --only typing|memory|silence` leaves the
 * rest out.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stopHosts } from "../stopHosts.ts";
import { machineLine } from "./machine.ts";
import { percentile } from "./percentile.ts";
import { measureSharedMemory, measureSilence } from "./windows/silence.ts";
import { openTypingWindow, type TypingFigures } from "./windows/typing.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, keys: { type: "string" }, windows: { type: "string" } },
});
const windows = Number(values.windows ?? 8);
const keys = Number(values.keys ?? 150);

function report(name: string, { times, suggested }: TypingFigures): number {
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  console.log(
    `  ${name}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${times.length} keys, ` +
      `${suggested} with a suggestion`,
  );
  return p95;
}

async function measureTyping(home: string): Promise<void> {
  const first = await openTypingWindow(home, "a");
  await first.type(20);
  const alone = report("1 window typing", await first.type(keys));
  await first.server.stop();
  const opened = await Promise.all(
    Array.from({ length: windows }, (_, index) =>
      openTypingWindow(home, String.fromCharCode(98 + index), index),
    ),
  );
  await Promise.all(opened.map((window) => window.type(20)));
  const figures = await Promise.all(opened.map((window) => window.type(keys)));
  const together = report(`${windows} windows typing`, {
    times: figures.flatMap(({ times }) => times),
    suggested: figures.reduce((sum, { suggested }) => sum + suggested, 0),
  });
  const worst = Math.max(...figures.map(({ times }) => percentile(times, 0.95)));
  console.log(
    `  p95 of ${windows} over that of 1: ${(together / alone).toFixed(2)} (bar: 3); ` +
      `the worst window's p95 ${worst.toFixed(0)} ms`,
  );
  await Promise.all(opened.map((window) => window.server.stop()));
}

const print = (line: string): void => {
  console.log(line);
};
const fromProc: Readonly<Record<string, (home: string) => Promise<void>>> = {
  memory: (home) => measureSharedMemory(home, print),
  silence: (home) => measureSilence(home, print),
};
const parts = { typing: measureTyping, ...fromProc };

console.log(machineLine());
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`${name}:`);
  if (name in fromProc && process.platform !== "linux") {
    print("  SKIPPED: read from /proc, which this system lacks");
    continue;
  }
  const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  try {
    await measure(home);
  } finally {
    await stopHosts(home);
    rmSync(home, { recursive: true, force: true });
  }
}
