import nodeInspector from "node:inspector";
import type { Logger } from "../logs/logger.ts";
import { CodedError } from "../protocol/errors.ts";
import { hostProtocolVersion, type HostHealth, type HostLaunch } from "../protocol/host.ts";
import { isNewerVersion } from "../protocol/isNewerVersion.ts";
import { removeRunFile, writeRunFile } from "../state/runFile.ts";
import { serveConnection } from "./connection.ts";
import { createHostLogLevel, type HostLogLevel } from "./hostLogLevel.ts";
import { createInspector } from "../state/inspector.ts";
import { createHostService } from "./hostService.ts";
import { createIdleTimer } from "./idle.ts";
import { listen } from "./listen.ts";
import { loadModel } from "./llama.ts";
import { systemMemory, type MemorySource } from "./memorySource.ts";
import { checkModelFile, hasChanged, type FileIdentity } from "./modelFile.ts";
import { spareMemory } from "./spareMemory.ts";

/** A running host. */
export interface RunningHost {
  /** Ends it now: what runs is cut off. */
  stop(reason: string): void;
  /** Settles with the reason when the socket and the run file are gone. */
  readonly stopped: Promise<string>;
}

/** How often the model's file is compared with the one that was loaded. */
const fileCheckMs = 5000;
/** A host without a model stays only so long, for clients to learn the reason. */
const failedIdleSeconds = 10;
/** A superseded host ends when nobody has asked for so long, though clients stay. */
const supersededRestMs = 60_000;
/** Freeing the model waits for the step that runs; whoever ends the host waits a second for it. */
const longestDisposeMs = 600;

/** Listens, says so in the run file, then loads the model. Rejects when it cannot listen. */
export async function runHost(
  launch: HostLaunch,
  log: Logger,
  logLevel: HostLogLevel = createHostLogLevel(launch.log),
  memory: MemorySource = systemMemory(),
): Promise<RunningHost> {
  const { config, hostVersion, runFilePath, socketPath, token } = launch;
  const startedAt = new Date();
  const started = performance.now();
  let file: FileIdentity | undefined;
  let finish: (reason: string) => void = () => undefined;
  let stopping = false;
  const stopped = new Promise<string>((resolve) => (finish = resolve));

  const after = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  };
  const service = createHostService({
    async load() {
      if (file !== undefined && (await hasChanged(config.modelPath, file))) {
        throw new CodedError("MODEL_CHANGED", config.modelPath);
      }
      file = await checkModelFile(config.modelPath);
      return await loadModel(config, file, log);
    },
    now: () => performance.now(),
    after,
    log,
    hasRoom: () => sparing.hasRoom(),
  });
  const sparing = spareMemory({
    ...{ service, after, log, source: memory },
    unloadAfterSeconds: config.unloadAfterSeconds,
  });
  const idle = createIdleTimer({
    seconds: config.idleTimeoutSeconds,
    after,
    onIdle: () => stop("idle"),
  });
  const inspector = createInspector(nodeInspector);
  const health = (): HostHealth => ({
    ...service.health(),
    pid: process.pid,
    hostVersion,
    uptimeSeconds: (performance.now() - started) / 1000,
    clients: idle.clients,
    residentBytes: process.memoryUsage.rss(),
  });
  const listener = await listen(socketPath, (socket) => {
    let counted = false;
    serveConnection(socket, {
      service,
      token,
      hostVersion,
      log,
      health,
      inspector,
      onAuthenticated() {
        counted = true;
        idle.clientCame();
      },
      logClient: logLevel.join(),
      onRetire: () => void retire(),
      onSupersede: supersede,
      onEnd() {
        if (counted) idle.clientLeft();
      },
    });
  });
  writeRunFile(runFilePath, {
    protocolVersion: hostProtocolVersion,
    pid: process.pid,
    token,
    socketPath,
    hostVersion,
    startedAt: startedAt.toISOString(),
  });
  log.info("host listens", { backend: config.backend, hostVersion });

  const fileCheck = setInterval(() => {
    void checkFile();
  }, fileCheckMs);
  async function checkFile(): Promise<void> {
    if (file === undefined || service.state.kind !== "ready") return;
    if (await hasChanged(config.modelPath, file)) {
      service.fail(new CodedError("MODEL_CHANGED", config.modelPath));
    }
  }
  service.onState((state) => {
    if (state.kind === "failed") idle.shorten(failedIdleSeconds);
  });

  /** Nobody new finds this host. */
  function withdraw(): void {
    clearInterval(fileCheck);
    sparing.dispose();
    listener.close();
    removeRunFile(runFilePath, token);
  }
  async function retire(): Promise<void> {
    if (idle.clients > 1) {
      // Other windows use this model on: the host ends when the last of them leaves.
      idle.shorten(0);
      return;
    }
    withdraw();
    idle.dispose();
    await service.retire();
    stop("retired");
  }
  function supersede(version: string): boolean {
    if (!isNewerVersion(version, hostVersion)) return false;
    if (service.state.kind === "retiring") return true;
    log.info("superseded", { version });
    withdraw();
    // Who is connected moves to the new host when that is ready; the last to leave ends this one.
    service.supersede();
    idle.shorten(0);
    endUnasked(supersededRestMs);
    return true;
  }
  function endUnasked(milliseconds: number): void {
    after(milliseconds, () => {
      const left = supersededRestMs - service.unaskedMs();
      if (left <= 0) stop("superseded");
      else endUnasked(left);
    });
  }
  function stop(reason: string): void {
    if (stopping) return;
    stopping = true;
    withdraw();
    idle.dispose();
    // Who is connected learns that this end is meant, and that it is no crash.
    void service.retire();
    const waited = new Promise((resolve) => setTimeout(resolve, longestDisposeMs));
    void Promise.race([service.dispose(), waited]).finally(() => finish(reason));
  }

  void service.start();
  return { stop, stopped };
}
