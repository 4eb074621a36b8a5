import type { Clock } from "../engine/clock.ts";
import { describeDownload, downloadedShare, isRunning } from "../protocol/downloadText.ts";
import type { DownloadState } from "../protocol/models.ts";
import type { ProgressPort, ProgressToken } from "./review/progress.ts";

/** Between two reports of one download, in milliseconds: people read no faster. */
const reportEveryMs = 500;
/** A downloader that was killed says nothing any more: while one is shown, it is looked after it. */
const lookEveryMs = 5000;

export interface DownloadProgressOptions {
  readonly port: ProgressPort;
  readonly clock: Clock;
  /** The downloads as they stand. */
  readonly list: () => readonly DownloadState[];
  /** The user does not want one to go on now. */
  readonly pause: (id: string) => void;
}

/** Shows the client what is being downloaded for this home, whoever downloads. */
export interface DownloadProgress {
  /** Takes how all downloads stand now. */
  update(states: readonly DownloadState[]): void;
  /** How many are shown. */
  readonly running: number;
  dispose(): void;
}

interface Bar {
  state: DownloadState;
  /** Undefined until the client has made one; null where it makes none. */
  token: ProgressToken | undefined;
  shown: string;
  reportedAt: number;
  cancelReport: () => void;
  stopListening: () => void;
}

/** Costs nothing while nothing is downloaded: no timer runs, and the client is told nothing. */
export function createDownloadProgress(options: DownloadProgressOptions): DownloadProgress {
  const { port, clock } = options;
  const bars = new Map<string, Bar>();
  let cancelLook = (): void => undefined;

  function begin(state: DownloadState): void {
    const { id, name } = state.request;
    const bar: Bar = {
      ...{ state, token: undefined, shown: "", reportedAt: 0 },
      cancelReport: () => undefined,
      stopListening: () => undefined,
    };
    bars.set(id, bar);
    port.create().then(
      (token) => {
        if (token === undefined) return;
        bar.token = token;
        const title = `Downloading ${name}`;
        bar.shown = describeDownload(bar.state);
        bar.reportedAt = clock.now();
        const value = { kind: "begin", title, cancellable: true, ...valueOf(bar.state) } as const;
        port.send(token, value);
        bar.stopListening = port.onCancel(token, () => options.pause(id));
        // It may have ended while the client was asked.
        if (bars.get(id) !== bar) end(bar);
      },
      () => undefined,
    );
  }

  function report(bar: Bar): void {
    const text = describeDownload(bar.state);
    if (bar.token === undefined || text === bar.shown) return;
    bar.cancelReport();
    const left = bar.reportedAt + reportEveryMs - clock.now();
    if (left > 0) {
      bar.cancelReport = clock.after(left, () => report(bar));
      return;
    }
    bar.shown = text;
    bar.reportedAt = clock.now();
    port.send(bar.token, { kind: "report", ...valueOf(bar.state) });
  }

  function end(bar: Bar): void {
    bar.cancelReport();
    bar.stopListening();
    if (bar.token === undefined) return;
    port.send(bar.token, { kind: "end", message: describeDownload(bar.state) });
  }

  function look(): void {
    cancelLook();
    if (bars.size > 0) cancelLook = clock.after(lookEveryMs, () => update(options.list()));
  }

  function update(states: readonly DownloadState[]): void {
    const running = new Map(
      states.filter(isRunning).map((state) => [state.request.id, state] as const),
    );
    for (const [id, bar] of bars) {
      const last = states.find((state) => state.request.id === id);
      if (last !== undefined) bar.state = last;
      if (running.has(id)) report(bar);
      else {
        bars.delete(id);
        end(bar);
      }
    }
    for (const [id, state] of running) if (!bars.has(id)) begin(state);
    look();
  }

  return {
    update,
    get running() {
      return bars.size;
    },
    dispose() {
      cancelLook();
      for (const bar of bars.values()) end(bar);
      bars.clear();
    },
  };
}

function valueOf(state: DownloadState): { percentage?: number; message: string } {
  const share = downloadedShare(state);
  const message = describeDownload(state);
  return share === undefined ? { message } : { percentage: Math.floor(share * 100), message };
}
