import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { doctorReportSchema, type DoctorReport } from "../../../server/protocol/records.ts";
import { readRunFile } from "../../../server/state/runFile.ts";
import { lookAtHosts } from "../../../server/health/machine/hosts.ts";

const mostMs = 5000;
const rounds = 5;
const script = fileURLToPath(new URL("../../../dist/cli.mjs", import.meta.url));

/** `starcoder doctor` on the bundled model, as a process of its own, with the host up. */
export async function benchDoctor(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  try {
    const first = await examine(home);
    console.log(`  first, with the host to start: ${Math.round(first.ms)} ms`);
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await examine(home));
    const sorted = runs.toSorted((a, b) => a.ms - b.ms);
    const middle = sorted[Math.floor(rounds / 2)];
    const worst = sorted.at(-1);
    if (middle === undefined || worst === undefined) return;
    const verdict = worst.ms <= mostMs ? "holds" : "BROKEN";
    console.log(
      `  with the host up: median ${Math.round(middle.ms)} ms, worst ${Math.round(worst.ms)} ms of ${rounds} (at most ${mostMs} ms: ${verdict})`,
    );
    const slowest = middle.report.checks
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, 5);
    console.log(
      `  slowest: ${slowest.map(({ name, durationMs }) => `${name} ${durationMs} ms`).join(", ")}`,
    );
    const full = await examine(home, "--full");
    console.log(`  with --full: ${Math.round(full.ms)} ms`);
    if (verdict === "BROKEN") process.exitCode = 1;
  } finally {
    for (const { path } of (await lookAtHosts(home, "bench")).hosts) {
      const pid = readRunFile(path)?.pid;
      if (pid !== undefined) process.kill(pid, "SIGTERM");
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function examine(home: string, ...flags: string[]): Promise<{ ms: number; report: DoctorReport }> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const env = { ...process.env, STARCODER_HOME: home };
    execFile(process.execPath, [script, "doctor", "--json", ...flags], { env }, (error, stdout) => {
      const ms = performance.now() - startedAt;
      const parsed = doctorReportSchema.safeParse(stdout === "" ? undefined : JSON.parse(stdout));
      if (parsed.success) resolve({ ms, report: parsed.data });
      else reject(new Error("The doctor could not be run.", { cause: error }));
    });
  });
}
