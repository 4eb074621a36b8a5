import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "../../server/engine/clock.ts";
import type { Engine, EngineState } from "../../server/engine/engine.ts";
import { createHostProcesses } from "../../server/engine/local/hostProcess.ts";
import { createLocalEngine } from "../../server/engine/local/localEngine.ts";
import type { Backend } from "../../server/protocol/host.ts";
import { productVersion } from "../../server/protocol/version.ts";
import { locateHome } from "../../server/state/home.ts";
import { packsRoot } from "../../server/state/packsFolder.ts";

export interface RunningEngine {
  readonly engine: Engine;
  readonly ready: Extract<EngineState, { kind: "ready" }>;
  /** Ends the host and removes its home. */
  stop(): Promise<void>;
}

const hostScript = resolve(import.meta.dirname, "../../dist/host.mjs");
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The product's own engine on a model, in a home of its own so that no window's host is measured.
 * @param threads for decoding and prompts alike; 0 leaves the choice to the host.
 * @throws when the model cannot be loaded.
 */
export async function startEngine(
  modelPath: string,
  threads: number,
  { backend = "auto" }: { readonly backend?: Backend } = {},
): Promise<RunningEngine> {
  if (!existsSync(hostScript)) throw new Error("dist/host.mjs is missing: npm run build");
  const homePath = await mkdtemp(join(tmpdir(), "starcoder-eval-"));
  // Libraries for GPUs that the user has installed.
  const packs = packsRoot(locateHome());
  if (existsSync(packs)) await symlink(packs, packsRoot(homePath), "junction");
  const processes = createHostProcesses(hostScript);
  const engine = createLocalEngine({
    homePath,
    config: {
      modelPath,
      backend,
      contextSize: 0,
      kvType: "f16",
      gpuLayers: -1,
      threads,
      prefillThreads: threads,
      idleTimeoutSeconds: 20,
      unloadAfterSeconds: 0,
    },
    client: { name: "eval", version: productVersion },
    processes,
    clock: systemClock,
    random: Math.random,
    log: quiet,
  });
  const stop = async (): Promise<void> => {
    const health = await engine.health();
    engine.dispose();
    if (health.kind === "done") await processes.end(health.value.pid);
    // A host that is ending may still write its log.
    await rm(homePath, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    return { engine, ready: await readyState(engine), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readyState(engine: Engine): Promise<Extract<EngineState, { kind: "ready" }>> {
  return new Promise((resolveReady, reject) => {
    // The product's timers never keep a process alive; waiting for the model must.
    const alive = setInterval(() => undefined, 1000);
    const unsubscribe = engine.onState((state) => {
      if (state.kind !== "ready" && state.kind !== "failed") return;
      clearInterval(alive);
      unsubscribe();
      if (state.kind === "ready") resolveReady(state);
      else reject(state.error);
    });
    engine.start("explicit");
  });
}
