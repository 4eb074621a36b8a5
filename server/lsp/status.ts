import type { Clock } from "../engine/clock.ts";
import type { Engine, EngineState } from "../engine/engine.ts";
import type { Status, StatusProblem } from "../protocol/editor.ts";
import type { EndpointStatus } from "../protocol/endpoints.ts";
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
  /** Remote engines that the settings name, and what tells of changes of them. */
  readonly endpoints?: () => readonly EndpointStatus[];
  readonly onEndpoints?: (listener: () => void) => () => void;
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
    const endpoints = countsOf(options.endpoints?.() ?? []);
    const other = options.otherProblem?.();
    const base = {
      ...{ actions: [], settingProblems, ...endpoints },
      ...(other === undefined ? {} : { problem: problemOf(other) }),
    };
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
        return {
          ...ofError(state.error),
          // They are tried again by themselves, for as long as it takes: nothing is being started.
          state: state.error.code === "ENDPOINTS_DOWN" ? "error" : "starting",
          settingProblems,
          ...endpoints,
        };
      case "failed":
        return { ...ofError(state.error), state: "error", settingProblems, ...endpoints };
      case "ready":
      case "unloaded":
        return { ...ofLoaded(state, endpoints.endpoints), settingProblems, ...endpoints };
    }
  }

  function ofLoaded(
    state: LoadedState,
    endpoints: Status["endpoints"],
  ): Omit<Status, "settingProblems"> {
    const { backend, switchingTo } = state;
    const { path, architecture, parameters, quantization, contextSize } = state.model;
    const starter = options.isStarter(path);
    const name = state.model.name || architecture;
    const shrunk = state.kind === "ready" ? state.shrunk : undefined;
    const problem = state.switchFailure ?? shrunk ?? options.otherProblem?.();
    return {
      state: busy ? "busy" : "ok",
      message: sentenceOf(state, starter ? `${name} (the bundled starter model)` : name, endpoints),
      ...notAsWantedOf(backend),
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
  const stopCounting = options.onEndpoints?.(refresh);
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
      stopCounting?.();
    },
  };
}

type LoadedState = Extract<EngineState, { kind: "ready" | "unloaded" }>;

/** How many of the remote engines are up; nothing where there are none. */
function countsOf(all: readonly EndpointStatus[]): Pick<Status, "endpoints"> {
  if (all.length === 0) return {};
  return { endpoints: { up: all.filter(({ state }) => state === "up").length, total: all.length } };
}

/** That another backend is used than was asked for, as a code with its buttons. */
function notAsWantedOf({
  requested,
  fallbackReason,
}: LoadedState["backend"]): Pick<Status, "code" | "actions"> {
  if (fallbackReason === undefined) return { actions: [] };
  const code = requested === "remote" ? "ENDPOINTS_DOWN" : "BACKEND_UNAVAILABLE";
  if (requested === "remote") return { code, actions: [...errorTable[code].actions] };
  return { code, actions: ["installGpuSupport", "openSettings", "doctor"] };
}

function sentenceOf(state: LoadedState, name: string, endpoints: Status["endpoints"]): string {
  const { backend, switchingTo } = state;
  if (state.kind === "unloaded") {
    return `${name} is unloaded to free memory; it is loaded at the next key.`;
  }
  if (backend.used === "remote") {
    const { up, total } = endpoints ?? { up: 1, total: 1 };
    return total === 1
      ? `${name} on a remote engine`
      : `${name} on remote engines (${up} of ${total} up)`;
  }
  if (backend.requested === "remote") return `${name} on this machine: ${backend.fallbackReason}`;
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
