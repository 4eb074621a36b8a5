import { failureFields } from "../../logs/failureFields.ts";
import type { Logger } from "../../logs/logger.ts";
import { CodedError, errorTable, toCodedError } from "../../protocol/errors.ts";
import {
  hostHealthRequest,
  hostHealthSchema,
  logSettingsNotification,
  type HelloParams,
  type HostConfig,
  type HostLogSettings,
  type HostState,
} from "../../protocol/host.ts";
import type { Clock } from "../clock.ts";
import type { Engine, EngineState } from "../engine.ts";
import { createCrashBudget } from "./crashBudget.ts";
import { createHostCalls, type HostCalls, type UseHost } from "./hostCalls.ts";
import type { HostProcesses } from "./hostProcess.ts";
import { obtainHost } from "./obtainHost.ts";
import { createSession, type Session } from "./session.ts";

export interface LocalEngineOptions {
  /** The home folder; it is created at the first start. */
  readonly homePath: string;
  readonly config: HostConfig;
  /** Who we are, in the host's log. */
  readonly client: Omit<HelloParams["client"], "pid">;
  readonly processes: HostProcesses;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** How the host is to log; its own default, if absent. */
  readonly logging?: HostLogSettings;
}

/** The engine that runs models on this machine, in a host process shared by every window. */
export interface LocalEngine extends Engine, HostCalls {
  /**
   * Changes model or parameters. Where another host is needed, the present one serves until the
   * new one is ready and is retired then.
   */
  setConfig(config: HostConfig): void;
  /** How the host is to log from now on; it does so while no other window wants more. */
  setLogging(settings: HostLogSettings): void;
}

/** Nothing is started before `start`, or the first request, which then settles as unavailable. */
export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const { clock, processes, log } = options;
  const budget = createCrashBudget({ clock, random: options.random });
  const listeners = new Set<(state: EngineState) => void>();
  let config = options.config;
  let { logging } = options;
  let state: EngineState = { kind: "stopped" };
  /** Takes the requests. */
  let serving: Session | undefined;
  /** Loads its model. */
  let candidate: Session | undefined;
  let attempt = new AbortController();
  let cancelRetry: () => void = () => undefined;
  /** Settles when the hosts that we end are gone. */
  let ending: Promise<unknown> = Promise.resolve();
  let disposed = false;

  function become(next: EngineState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function abandonAttempt(): void {
    attempt.abort();
    cancelRetry();
    candidate?.close(new CodedError("MODEL_UNAVAILABLE"));
    candidate = undefined;
  }

  function begin(replaceFailed: boolean): void {
    abandonAttempt();
    attempt = new AbortController();
    const { signal } = attempt;
    if (serving === undefined) become({ kind: "starting" });
    const client = { ...options.client, pid: process.pid };
    const { homePath } = options;
    ending
      .then(() =>
        obtainHost({
          ...{ homePath, config, client, processes, clock, replaceFailed, signal },
          ...(logging === undefined ? {} : { logging }),
        }),
      )
      .then(
        (host) => {
          if (signal.aborted) {
            host.connection.end(new CodedError("MODEL_UNAVAILABLE"));
            return;
          }
          const { session, begin: watch } = createSession(host, clock, { onState, onLost });
          candidate = session;
          log.info("connected to the model host", { hostPid: session.pid });
          if (logging !== undefined) host.connection.notify(logSettingsNotification, logging);
          watch();
        },
        (thrown: unknown) => {
          if (!signal.aborted) lost(toCodedError(thrown));
        },
      );
  }

  function onState(session: Session, hostState: HostState): void {
    if (session !== candidate && session !== serving) return;
    if (hostState.kind === "ready") {
      const { model, backend } = hostState;
      if (session === candidate) promote(session);
      become({ kind: "ready", model, backend });
    } else if (hostState.kind === "failed") {
      forget(session);
      session.leave("retire");
      lost(CodedError.fromData(hostState.error));
    } else if (hostState.kind === "retiring") {
      forget(session);
      session.leave("disconnect");
      begin(false);
    }
  }

  function promote(session: Session): void {
    const previous = serving;
    candidate = undefined;
    serving = session;
    previous?.leave(previous.pid === session.pid ? "disconnect" : "retire");
  }

  function forget(session: Session): void {
    if (session === serving) serving = undefined;
    if (session === candidate) candidate = undefined;
  }

  function onLost(session: Session, reason: CodedError): void {
    const replacing = session === serving && candidate !== undefined;
    forget(session);
    log.warn("lost the model host", { hostPid: session.pid, code: reason.code });
    if (reason.code === "HOST_HUNG") ending = processes.end(session.pid);
    // The next host is on its way already.
    if (replacing) become({ kind: "starting" });
    else lost(reason);
  }

  function lost(error: CodedError): void {
    if (!errorTable[error.code].retryable || error.code === "HOST_VERSION") {
      fail(error);
      return;
    }
    const retryInMs = budget.spend();
    if (retryInMs === undefined) {
      fail(new CodedError("HOST_CRASH_LOOP", `Last: ${error.message}`, error));
      return;
    }
    if (serving === undefined) become({ kind: "restarting", error, retryInMs });
    cancelRetry();
    cancelRetry = clock.after(retryInMs, () => begin(true));
  }

  function fail(error: CodedError): void {
    log.error("the model host failed", failureFields(error));
    abandonAttempt();
    serving?.leave("retire");
    serving = undefined;
    become({ kind: "failed", error });
  }

  function unavailable(): { kind: "failed"; error: CodedError } {
    if (state.kind === "stopped" && !disposed) begin(false);
    if (state.kind === "failed") return { kind: "failed", error: state.error };
    const detail = state.kind === "restarting" ? state.error.message : undefined;
    return { kind: "failed", error: new CodedError("MODEL_UNAVAILABLE", detail) };
  }

  const use: UseHost = (call) => serving?.use(call) ?? Promise.resolve(unavailable());

  function restart(): Promise<void> {
    if (disposed) return Promise.resolve();
    budget.clear();
    const hosts = [serving, candidate].filter((session) => session !== undefined);
    // One that is being ended by an earlier restart is waited for, too.
    ending = Promise.all([ending, ...hosts.map((session) => processes.end(session.pid))]);
    const reason = new CodedError("MODEL_UNAVAILABLE", "The service is being restarted.");
    for (const session of hosts) session.close(reason);
    serving = undefined;
    begin(true);
    return Promise.resolve();
  }

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(reason) {
      if (disposed) return;
      if (reason === "explicit") budget.clear();
      const idle = state.kind === "failed" || state.kind === "restarting";
      if (state.kind === "stopped") begin(reason === "explicit");
      else if (reason === "explicit" && idle) begin(true);
    },
    restart,
    setConfig(next) {
      const previous = config;
      config = next;
      if (disposed || state.kind === "stopped") return;
      if (identity(previous) !== identity(next)) {
        budget.clear();
        begin(false);
      } else if (threads(previous) !== threads(next)) {
        void restart();
      }
    },
    setLogging(settings) {
      logging = settings;
      for (const session of [serving, candidate]) {
        session?.connection.notify(logSettingsNotification, settings);
      }
    },
    ...createHostCalls(use),
    health: () =>
      (serving ?? candidate)?.use((connection) =>
        connection.call(hostHealthRequest, undefined, hostHealthSchema),
      ) ?? Promise.resolve(unavailable()),
    dispose() {
      disposed = true;
      abandonAttempt();
      serving?.close(new CodedError("MODEL_UNAVAILABLE", "The service was stopped."));
      serving = undefined;
      become({ kind: "stopped" });
      listeners.clear();
    },
  };
}

function identity({ modelPath, backend, contextSize, kvType, gpuLayers }: HostConfig): string {
  return JSON.stringify([modelPath, backend, contextSize, kvType, gpuLayers]);
}

function threads(config: HostConfig): string {
  return JSON.stringify([config.threads, config.prefillThreads]);
}
