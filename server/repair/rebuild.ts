import { join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { probeBinding } from "../health/probeBinding.ts";
import { fetchPackages } from "../packs/fetchPackages.ts";
import type { RepairRecord } from "../protocol/repair.ts";
import { clearCaches } from "./clearCaches.ts";
import { installBinding } from "./installBinding.ts";
import { endHostsStep, restartServersStep } from "./restart.ts";
import { createSteps } from "./step.ts";
import { verifyStep } from "./verifyStep.ts";
import { whileIdle } from "./whileIdle.ts";

export interface RebuildOptions {
  readonly homePath: string;
  readonly productRoot: string;
  readonly bundledModelPath: string;
  readonly modelPath: string;
  readonly processes: Pick<HostProcesses, "isHost" | "end">;
  readonly clock: Pick<Clock, "now">;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
  /** Install nothing. */
  readonly offline: boolean;
  /** Forget what was reviewed, too. */
  readonly all: boolean;
  /** How long fetching the native library may take, in milliseconds. */
  readonly fetchLimitMs: number;
  /** Starts a host and makes a suggestion; says what came of it. */
  readonly trySuggestion: () => Promise<string>;
}

/** The native library may be tested on a slow disk and a slow GPU driver. */
const probeLimitMs = 120_000;

/**
 * Makes anew what can be made anew, step by step. A step that fails leaves what was there before and
 * does not keep the others from running. Never rejects.
 */
export async function rebuild(options: RebuildOptions): Promise<RepairRecord> {
  const { homePath, productRoot, processes, clock, note, signal } = options;
  const steps = createSteps(clock, note, signal);
  await steps.run("host", "End the model host", () => endHostsStep(options));
  await steps.run("binding", "Install the native library anew", async () => {
    if (options.offline) {
      return { status: "skipped", message: "Not installed: --offline was given." };
    }
    return installBinding({
      productRoot,
      note,
      fetch: (job) =>
        fetchPackages(job, {
          script: join(productRoot, "dist", "install.mjs"),
          limitMs: options.fetchLimitMs,
          signal,
          code: "REBUILD_FAILED",
        }),
      probe: () => probeBinding(productRoot, signal, "auto", probeLimitMs),
      whileIdle: (act) => whileIdle(homePath, processes, act),
    });
  });
  await steps.run("models", "Verify the model files", () => verifyStep(options));
  await steps.run("caches", "Clear caches and leftovers", () =>
    Promise.resolve().then(() => clearCaches({ ...options, now: Date.now() })),
  );
  await steps.run("completion", "Try a suggestion", options.trySuggestion);
  await steps.run("server", "Restart the language servers", () => restartServersStep(homePath));
  return steps.record;
}
