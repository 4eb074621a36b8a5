import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Status } from "../protocol/editor.ts";
import { errorTable, type CodedError } from "../protocol/errors.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";

/** Most suggestions are done sooner; only longer work is worth a message to the client. */
const busyAfterMs = 100;

export interface StatusReporterOptions {
  readonly engine: Pick<Engine, "state" | "onState">;
  readonly clock: Clock;
  readonly isEnabled: () => boolean;
  readonly isStarter: (modelPath: string) => boolean;
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
      case "starting":
        return { state: "starting", message: "The model is being loaded.", ...base };
      case "restarting":
        return { ...ofError(state.error), state: "starting", settingProblems };
      case "failed":
        return { ...ofError(state.error), state: "error", settingProblems };
      case "ready":
        return { ...ofReady(state), settingProblems };
    }
  }

  function ofReady({
    model,
    backend,
  }: Extract<Engine["state"], { kind: "ready" }>): Omit<Status, "settingProblems"> {
    const { path, architecture, parameters, quantization, contextSize } = model;
    const starter = options.isStarter(path);
    const name = model.name || architecture;
    const kind = starter ? `${name} (the bundled starter model)` : name;
    const fallback = backend.fallbackReason === undefined ? "" : `: ${backend.fallbackReason}`;
    return {
      state: busy ? "busy" : "ok",
      message: `${kind} on ${backend.used}${fallback}`,
      actions: backend.fallbackReason === undefined ? [] : ["openSettings", "doctor"],
      ...(backend.fallbackReason === undefined ? {} : { code: "BACKEND_UNAVAILABLE" as const }),
      model: { name, path, starter, architecture, parameters, quantization, contextSize },
      backend,
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

function ofError(error: CodedError): Omit<Status, "state" | "settingProblems"> {
  const { remedy, actions } = errorTable[error.code];
  return { message: error.message, code: error.code, remedy, actions: [...actions] };
}
