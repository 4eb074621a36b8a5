import type { Clock } from "../engine/clock.ts";
import type { Engine, EngineState } from "../engine/engine.ts";
import type { Status, StatusProblem } from "../protocol/editor.ts";
import { errorTable, type CodedError } from "../protocol/errors.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";

/** Most suggestions are done sooner; only longer work is worth a message to the client. */
const busyAfterMs = 100;

export interface StatusReporterOptions {
  readonly engine: Pick<Engine, "state" | "onState">;
  readonly clock: Clock;
  readonly isEnabled: () => boolean;
  readonly isStarter: (modelPath: string) => boolean;
  /** What else does not work, although suggestions do. */
  readonly otherProblem?: () => CodedError | undefined;
  readonly send: (status: Status) => void;
}

/** Keeps the client's view of the service up to date; sends only what changed. */
export interface StatusReporter {
  readonly current: Status;
  setProblems(problems: readonly SettingProblem[]): void;
  /** Looks again: something that the status depends on may have changed. */
  refresh(): void;
  /** Marks work as begun; the returned function ends it. */
  beginWork(): () => void;
  dispose(): void;
}

export function createStatusReporter(options: StatusReporterOptions): StatusReporter {
  const { engine, clock, send } = options;
  let problems: readonly SettingProblem[] = [];
  let working = 0;
  let busy = false;
  let cancelBusy = (): void => undefined;
  let sent = "";

  function describe(): Status {
    const settingProblems = [...problems];
    const base = { actions: [], settingProblems };
    if (!options.isEnabled()) return { state: "off", message: "Suggestions are off.", ...base };
    const { state } = engine;
    switch (state.kind) {
      case "stopped":
        return { state: "starting", message: "The model starts when it is needed.", ...base };
      case "starting": {
        const message = state.why ?? "The model is being loaded.";
        return { state: "starting", message, ...base };
      }
      case "restarting":
        return { ...ofError(state.error), state: "starting", settingProblems };
      case "failed":
        return { ...ofError(state.error), state: "error", settingProblems };
      case "ready":
      case "unloaded":
        return { ...ofLoaded(state), settingProblems };
    }
  }

  function ofLoaded(state: LoadedState): Omit<Status, "settingProblems"> {
    const { backend, switchingTo } = state;
    const { path, architecture, parameters, quantization, contextSize } = state.model;
    const starter = options.isStarter(path);
    const name = state.model.name || architecture;
    const { fallbackReason } = backend;
    const shrunk = state.kind === "ready" ? state.shrunk : undefined;
    const problem = state.switchFailure ?? shrunk ?? options.otherProblem?.();
    return {
      state: busy ? "busy" : "ok",
      message: sentenceOf(state, starter ? `${name} (the bundled starter model)` : name),
      actions: fallbackReason === undefined ? [] : ["installGpuSupport", "openSettings", "doctor"],
      ...(fallbackReason === undefined ? {} : { code: "BACKEND_UNAVAILABLE" as const }),
      model: { name, path, starter, architecture, parameters, quantization, contextSize },
      backend,
      ...(state.kind === "unloaded" ? { unloaded: true } : {}),
      ...(switchingTo === undefined ? {} : { switchingTo: fileNameOf(switchingTo) }),
      ...(problem === undefined ? {} : { problem: problemOf(problem) }),
    };
  }

  function refresh(): void {
    const status = describe();
    const text = JSON.stringify(status);
    if (text === sent) return;
    sent = text;
    send(status);
  }

  const stopListening = engine.onState(refresh);
  return {
    get current() {
      return describe();
    },
    setProblems(next) {
      problems = next;
      refresh();
    },
    refresh,
    beginWork() {
      working += 1;
      if (working === 1) {
        cancelBusy = clock.after(busyAfterMs, () => {
          busy = true;
          refresh();
        });
      }
      return () => {
        working -= 1;
        if (working > 0) return;
        cancelBusy();
        busy = false;
        refresh();
      };
    },
    dispose() {
      cancelBusy();
      stopListening();
    },
  };
}

type LoadedState = Extract<EngineState, { kind: "ready" | "unloaded" }>;

function sentenceOf(state: LoadedState, name: string): string {
  const { backend, switchingTo } = state;
  if (state.kind === "unloaded") {
    return `${name} is unloaded to free memory; it is loaded at the next key.`;
  }
  const unused = backend.used === "cpu" ? "GPU not used" : "not as requested";
  const fallback =
    backend.fallbackReason === undefined ? "" : ` (${unused}: ${backend.fallbackReason})`;
  const next = switchingTo === undefined ? "" : `; ${fileNameOf(switchingTo)} is being loaded`;
  return `${name} on ${backend.used}${fallback}${next}`;
}

function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function problemOf(error: CodedError): StatusProblem {
  const { remedy, actions } = errorTable[error.code];
  return { code: error.code, message: error.message, remedy, actions: [...actions] };
}

function ofError(error: CodedError): Omit<Status, "state" | "settingProblems"> {
  const { remedy, actions } = errorTable[error.code];
  return { message: error.message, code: error.code, remedy, actions: [...actions] };
}
