import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { HostConfig } from "../../server/protocol/host.ts";
import type { EngineState, GenerateRequest } from "../../server/engine/engine.ts";
import type { HostProcesses } from "../../server/engine/local/hostProcess.ts";
import { createLocalEngine, type LocalEngine } from "../../server/engine/local/localEngine.ts";
import { startFakeHost, type Behaviour, type FakeHost } from "./fakeHost.ts";
import { createManualClock } from "./manualClock.ts";

/** A request that any host may be asked. */
export const smallRequest: GenerateRequest = {
  prompt: [{ text: "let a" }],
  heal: "",
  priority: "typing",
  maxTokens: 4,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};

/** A fresh folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A host configuration for a model file of a few bytes in the folder. */
export function fakeConfig(folder: string, name = "model.gguf"): HostConfig {
  const modelPath = join(folder, name);
  writeFileSync(modelPath, "weights");
  return {
    modelPath,
    backend: "cpu",
    contextSize: 0,
    kvType: "f16",
    gpuLayers: 0,
    threads: 0,
    prefillThreads: 0,
    idleTimeoutSeconds: 60,
    unloadAfterSeconds: 0,
  };
}

/** Host processes that are fake hosts in this process; `behaviours[n]` is that of the n-th launch. */
export function createFakeProcesses(behaviours: readonly (Behaviour | "dies")[] = []) {
  const hosts = new Map<number, FakeHost>();
  const ended: number[] = [];
  let launches = 0;
  onTestFinished(() => {
    for (const host of hosts.values()) host.kill();
  });
  const processes: HostProcesses = {
    async launch(launch) {
      const behaviour = behaviours[Math.min(launches, behaviours.length - 1)] ?? {};
      launches += 1;
      const pid = 1_000_000_000 + launches;
      if (behaviour !== "dies") hosts.set(pid, await startFakeHost(launch, pid, behaviour));
      return pid;
    },
    isAlive: (pid) => hosts.has(pid),
    isHost: (pid) => hosts.has(pid),
    end(pid) {
      ended.push(pid);
      hosts.get(pid)?.kill();
      hosts.delete(pid);
      return Promise.resolve();
    },
  };
  return {
    processes,
    ended,
    /** A host that ran before. */
    adopt(host: FakeHost): void {
      hosts.set(host.pid, host);
    },
    get launches() {
      return launches;
    },
    get host(): FakeHost {
      const last = [...hosts.values()].at(-1);
      if (last === undefined) throw new Error("no fake host runs");
      return last;
    },
    /** One ends, as it was told to. */
    ends({ pid }: FakeHost): void {
      hosts.get(pid)?.kill();
      hosts.delete(pid);
    },
    /** The last one dies by itself. */
    crash(): void {
      const host = this.host;
      hosts.delete(host.pid);
      host.kill();
    },
  };
}

/** An engine over fake hosts on a clock of the test's. */
export function fakeEngine(behaviours: readonly (Behaviour | "dies")[] = []) {
  const folder = temporaryFolder();
  const clock = createManualClock();
  const fakes = createFakeProcesses(behaviours);
  const config = fakeConfig(folder);
  const homePath = join(folder, "home");
  const engine = createLocalEngine({
    homePath,
    config,
    client: { name: "test", version: "1.0.0" },
    processes: fakes.processes,
    clock,
    random: () => 0,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  onTestFinished(() => engine.dispose());
  return { engine, clock, fakes, config, folder, homePath };
}

/** Settles with the first state of this kind, the present one included. */
export function reaches<Kind extends EngineState["kind"]>(
  engine: Pick<LocalEngine, "state" | "onState">,
  kind: Kind,
): Promise<Extract<EngineState, { kind: Kind }>> {
  const is = (state: EngineState): state is Extract<EngineState, { kind: Kind }> =>
    state.kind === kind;
  return new Promise((resolve) => {
    if (is(engine.state)) {
      resolve(engine.state);
      return;
    }
    const stop = engine.onState((state) => {
      if (!is(state)) return;
      stop();
      resolve(state);
    });
  });
}
