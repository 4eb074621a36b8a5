import { existsSync } from "node:fs";
import { failureFields } from "../../logs/failureFields.ts";
import { CodedError } from "../../protocol/errors.ts";
import {
  focusNotification,
  hostHealthRequest,
  hostHealthSchema,
  logSettingsNotification,
  type HostConfig,
  type HostState,
} from "../../protocol/host.ts";
import type { EngineState } from "../engine.ts";
import { createAttempts } from "./attempts.ts";
import { createCrashBudget } from "./crashBudget.ts";
import { createEngineStates } from "./engineStates.ts";
import { createHostCalls, type UseHost } from "./hostCalls.ts";
import { haveSameThreads, needsSameHost } from "./hostConfigs.ts";
import type { ObtainedHost } from "./obtainHost.ts";
import { createSession, type Session } from "./session.ts";
import { standingOf, type LoadedState, type Serving } from "./standing.ts";
import { createTargets, isRetryable } from "./targets.ts";
import { tryHost } from "./tryHost.ts";
import type { LocalEngine, LocalEngineOptions } from "./types.ts";
import { untilGone } from "./untilGone.ts";
import { createWake } from "./wake.ts";

export type { LocalEngine } from "./types.ts";

/** After how long a host that died while another serves is tried once more. */
const triesAgainAfterMs = 1000;
const reloading = "The model is loaded into memory again.";
const makingRoom = "Memory holds one model at a time: the old one makes room for the new one.";
const bringingBack = "The new model does not work; the one before is loaded again.";

/** Nothing is started before `start`, or the first request, which then settles as unavailable. */
export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const { clock, processes, log } = options;
  const budget = createCrashBudget({ clock, random: options.random });
  const states = createEngineStates();
  const become = (state: EngineState): void => states.become(state);
  let { logging } = options;
  let focused: boolean | undefined;
  const targets = createTargets(options.config);
  /** Takes the requests. */
  let serving: Serving | undefined;
  /** Loads its model, or answers the test completion. */
  let candidate: Session | undefined;
  /** What it said last, once it had its model. */
  let candidateState: LoadedState | undefined;
  /** At hosts for the target. */
  const attempts = createAttempts({
    ...{ homePath: options.homePath, processes, clock },
    client: { ...options.client, pid: process.pid },
    logging: () => logging,
    onHost: connect,
    onFailed: attemptFailed,
    isOfUse: (config) => disposed || needsSameHost(config, targets.target),
  });
  let disposed = false;

  /** Says how the host that serves stands, with what is under way beside it. */
  function tell(served: Serving): void {
    serving = served;
    become(standingOf(served, attempts.underWay ? targets.target : undefined, targets.failure));
  }

  function sessions(): Session[] {
    return [serving?.session, candidate].filter((session) => session !== undefined);
  }

  function abandonAttempt(): void {
    attempts.abandon();
    candidate?.close(new CodedError("MODEL_UNAVAILABLE"));
    if (candidate !== undefined) forget(candidate);
  }

  function begin(replaceFailed: boolean, why?: string): void {
    abandonAttempt();
    attempts.begin(targets.target, replaceFailed);
    if (serving === undefined) become({ kind: "starting", ...(why === undefined ? {} : { why }) });
    else tell(serving);
  }

  function connect(host: ObtainedHost): void {
    const { session, begin: watch } = createSession(host, clock, { onState, onLost });
    candidate = session;
    log.info("connected to the model host", { hostPid: session.pid });
    if (logging !== undefined) session.connection.notify(logSettingsNotification, logging);
    if (focused !== undefined) session.connection.notify(focusNotification, { focused });
    watch();
  }

  function onState(session: Session, hostState: HostState): void {
    const served = session === serving?.session ? serving : undefined;
    if (session !== candidate && served === undefined) return;
    switch (hostState.kind) {
      case "ready":
      case "unloaded":
        if (served === undefined) loaded(session, hostState);
        else tell({ ...served, state: hostState });
        return;
      case "loading":
        if (served !== undefined) become({ kind: "starting", why: reloading });
        return;
      case "failed":
        forget(session);
        session.leave("retire");
        // Where another is on its way already, that one is waited for.
        if (served === undefined) attemptFailed(CodedError.fromData(hostState.error), session);
        else if (attempts.underWay) become({ kind: "starting" });
        else hostLost(CodedError.fromData(hostState.error));
        return;
      case "retiring":
        if (served !== undefined && hostState.superseded === true) {
          serving = { ...served, superseded: true };
          if (attempts.underWay) return;
        } else {
          forget(session);
          session.leave("disconnect");
        }
        begin(false);
    }
  }

  /** A host has its model. Where there is nothing to lose, it serves at once. */
  function loaded(session: Session, hostState: LoadedState): void {
    const isTried = candidateState !== undefined;
    candidateState = hostState;
    if (isTried) return;
    if (serving === undefined || serving.session.pid === session.pid) {
      promote(session, hostState);
      return;
    }
    void tryHost(session, clock, attempts.signal).then((failure) => {
      if (session !== candidate) return;
      if (failure === undefined) {
        promote(session, candidateState ?? hostState);
      } else {
        forget(session);
        session.leave("retire");
        switchFailed(failure, session);
      }
    });
  }

  function promote(session: Session, hostState: LoadedState): void {
    const previous = serving;
    forget(session);
    attempts.done();
    targets.reached();
    tell({ session, config: targets.target, state: hostState, superseded: false });
    if (previous === undefined) return;
    const isNeeded = previous.superseded || previous.session.pid === session.pid;
    previous.session.leave(isNeeded ? "disconnect" : "retire");
  }

  function forget(session: Session): void {
    if (session === serving?.session) serving = undefined;
    if (session !== candidate) return;
    candidate = undefined;
    candidateState = undefined;
  }

  function onLost(session: Session, reason: CodedError): void {
    const served = session === serving?.session;
    forget(session);
    log.warn("lost the model host", { hostPid: session.pid, code: reason.code });
    if (reason.code === "HOST_HUNG") attempts.wait(processes.end(session.pid));
    if (!served) attemptFailed(reason);
    // The next host is on its way already.
    else if (attempts.underWay) become({ kind: "starting" });
    else hostLost(reason);
  }

  /** No host came of an attempt, or it did not get so far as to serve. */
  function attemptFailed(error: CodedError, session?: Session): void {
    const before = serving?.config ?? targets.proven;
    if (before === undefined || needsSameHost(before, targets.target)) hostLost(error);
    else if (isRetryable(error) && targets.mayTryAgain()) {
      attempts.later(triesAgainAfterMs, () => begin(true));
    } else switchFailed(error, session);
  }

  /** What was asked for does not work: what worked before goes on, or is brought back. */
  function switchFailed(reason: CodedError, session?: Session): void {
    const old = serving;
    if (old !== undefined && reason.code === "MEMORY_ERROR" && targets.mayMakeRoom()) {
      makeRoom(old, session);
      return;
    }
    const failure = targets.failed(reason, old?.config);
    log.error("the new model is not used", failureFields(failure));
    budget.clear();
    if (old !== undefined) {
      abandonAttempt();
      if (old.superseded) begin(false);
      else tell(old);
      return;
    }
    if (session !== undefined) attempts.wait(untilGone(session, processes, clock));
    begin(true, bringingBack);
  }

  /** Two models do not fit at once: the old one goes, when what runs on it is done. */
  function makeRoom({ session: old }: Serving, failed: Session | undefined): void {
    log.warn("memory holds one model: the old one makes room", { hostPid: old.pid });
    serving = undefined;
    old.leave("retire");
    const leaving = failed === undefined ? [old] : [old, failed];
    attempts.wait(Promise.all(leaving.map((session) => untilGone(session, processes, clock))));
    begin(true, makingRoom);
  }

  /** The host that serves, or was to serve alone, is gone: another is started. */
  function hostLost(error: CodedError): void {
    if (!isRetryable(error)) {
      fail(error);
      return;
    }
    const retryInMs = budget.spend();
    if (retryInMs === undefined) {
      fail(new CodedError("HOST_CRASH_LOOP", `Last: ${error.message}`, error));
      return;
    }
    if (serving === undefined) become({ kind: "restarting", error, retryInMs });
    attempts.later(retryInMs, () => begin(true));
  }

  function fail(error: CodedError): void {
    log.error("the model host failed", failureFields(error));
    abandonAttempt();
    if (serving !== undefined) {
      // An older host that serves on is better than none.
      budget.clear();
      targets.stayed(error);
      tell(serving);
      return;
    }
    become({ kind: "failed", error });
  }

  function unavailable(): { kind: "failed"; error: CodedError } {
    const state = states.current;
    if (state.kind === "stopped" && !disposed) begin(false);
    if (state.kind === "failed") return { kind: "failed", error: state.error };
    const detail = state.kind === "restarting" ? state.error.message : undefined;
    return { kind: "failed", error: new CodedError("MODEL_UNAVAILABLE", detail) };
  }

  const use: UseHost = (call) => serving?.session.use(call) ?? Promise.resolve(unavailable());
  const calls = createHostCalls(use);
  const wake = createWake(calls);

  function change(next: HostConfig, again: boolean): void {
    budget.clear();
    targets.startOver();
    const left = candidate;
    if (left !== undefined) forget(left);
    left?.leave("retire");
    if (serving === undefined || !needsSameHost(serving.config, next)) {
      begin(again);
    } else if (haveSameThreads(serving.config, next)) {
      // Back to what serves: whatever was on its way is not wanted any more.
      abandonAttempt();
      tell({ ...serving, config: next });
    } else {
      void restart();
    }
  }

  function restart(): Promise<void> {
    if (disposed) return Promise.resolve();
    budget.clear();
    targets.startOver();
    const hosts = sessions();
    attempts.wait(Promise.all(hosts.map((session) => processes.end(session.pid))));
    const reason = new CodedError("MODEL_UNAVAILABLE", "The service is being restarted.");
    for (const session of hosts) session.close(reason);
    serving = undefined;
    begin(true);
    return Promise.resolve();
  }

  return {
    get state() {
      return states.current;
    },
    onState: (listener) => states.onState(listener),
    start(reason) {
      if (disposed) return;
      if (reason === "explicit") budget.clear();
      const { kind } = states.current;
      const idle = kind === "failed" || kind === "restarting";
      if (kind === "stopped") begin(reason === "explicit");
      else if (kind === "unloaded") wake();
      else if (reason === "explicit" && idle) {
        targets.startOver();
        begin(true);
      }
    },
    restart,
    setConfig(next, again = false) {
      const before = targets.target;
      const isOther = targets.want(next);
      if (disposed || states.current.kind === "stopped") {
        targets.startOver();
      } else if (isOther || (again && targets.failure !== undefined)) {
        change(next, again);
      } else if (needsSameHost(before, next) && !haveSameThreads(before, next)) {
        void restart();
      }
    },
    setLogging(settings) {
      logging = settings;
      for (const { connection } of sessions()) {
        connection.notify(logSettingsNotification, settings);
      }
    },
    setFocused(next) {
      focused = next;
      for (const { connection } of sessions()) {
        connection.notify(focusNotification, { focused: next });
      }
      if (!next || disposed) return;
      const state = states.current;
      if (state.kind === "unloaded" && state.why === "idle") wake();
      // A drive that was away may be back.
      const isMissing = state.kind === "failed" && state.error.code === "MODEL_NOT_FOUND";
      if (isMissing && existsSync(targets.target.modelPath)) begin(true);
    },
    ...calls,
    health: () =>
      (serving?.session ?? candidate)?.use((connection) =>
        connection.call(hostHealthRequest, undefined, hostHealthSchema),
      ) ?? Promise.resolve(unavailable()),
    dispose() {
      disposed = true;
      abandonAttempt();
      serving?.session.close(new CodedError("MODEL_UNAVAILABLE", "The service was stopped."));
      serving = undefined;
      become({ kind: "stopped" });
      states.dispose();
    },
  };
}
