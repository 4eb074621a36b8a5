import type { CodedError } from "../../protocol/errors.ts";
import type { DownloadRequest, DownloadState } from "../../protocol/models.ts";
import { without } from "./without.ts";

/** Tells how a download stands, often enough to follow and seldom enough to cost nothing. */
export interface Progress {
  readonly state: DownloadState;
  phase(phase: DownloadState["phase"], more?: Partial<DownloadState>): void;
  /** Bytes came; those of before the start count with `kept`. */
  received(bytes: number): void;
  kept(bytes: number): void;
  /** Before another try, and undefined when that begins. */
  waiting(
    seconds: number | undefined,
    failure?: CodedError,
    tries?: NonNullable<DownloadState["tries"]>,
  ): void;
  failed(error: CodedError): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly request: DownloadRequest;
  readonly pid: number;
  readonly write: (state: DownloadState) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly everyMs?: number;
}

/** Seconds over which the speed is measured. */
const windowMs = 5000;

export function createProgress(options: ProgressOptions): Progress {
  const { request, pid, write, now, everyMs = 400 } = options;
  let state: DownloadState = {
    version: 1,
    request,
    phase: "checking",
    receivedBytes: 0,
    pid,
    updatedAt: new Date(now()).toISOString(),
  };
  let arrived = 0;
  let samples: { readonly at: number; readonly arrived: number }[] = [];
  let retryAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    const rest = without(state, "bytesPerSecond", "secondsLeft", "retryInSeconds");
    const figures = state.phase === "downloading" ? measure() : {};
    const retry =
      retryAt === undefined
        ? {}
        : { retryInSeconds: Math.max(0, Math.ceil((retryAt - now()) / 1000)) };
    state = { ...rest, ...figures, ...retry, updatedAt: new Date(now()).toISOString() };
    write(state);
  }

  function measure(): Partial<DownloadState> {
    const at = now();
    samples = [...samples.filter((sample) => at - sample.at <= windowMs), { at, arrived }];
    const first = samples[0];
    if (first === undefined || at - first.at < everyMs) return {};
    const bytesPerSecond = ((arrived - first.arrived) / (at - first.at)) * 1000;
    const left = (state.totalBytes ?? 0) - state.receivedBytes;
    return bytesPerSecond > 0 && left > 0
      ? { bytesPerSecond, secondsLeft: left / bytesPerSecond }
      : { bytesPerSecond };
  }

  const tick = () => {
    try {
      tell();
    } catch {
      // A full disk is found out where the bytes are written.
    }
  };
  return {
    get state() {
      return state;
    },
    phase(phase, more = {}) {
      retryAt = undefined;
      state = { ...without(state, "error", "tries"), ...more, phase };
      tell();
      timer ??= setInterval(tick, everyMs);
    },
    received(bytes) {
      arrived += bytes;
      state = { ...state, receivedBytes: state.receivedBytes + bytes };
    },
    kept(bytes) {
      state = { ...state, receivedBytes: state.receivedBytes + bytes };
    },
    waiting(seconds, failure, tries) {
      const rest = without(state, "error", "tries");
      if (seconds === undefined) {
        retryAt = undefined;
        state = { ...rest, phase: "downloading" };
      } else {
        retryAt = now() + seconds * 1000;
        state = {
          ...rest,
          phase: "waiting",
          ...(failure === undefined ? {} : { error: failure.toData() }),
          ...(tries === undefined ? {} : { tries }),
        };
      }
      // Tries that follow each other at once are not worth a word.
      if (seconds !== undefined && seconds >= 1) tick();
    },
    failed(error) {
      this.phase("failed", { error: error.toData() });
      this.stop();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
