import { describeDownload, isRunning } from "../../server/protocol/downloadText.ts";
import type { DownloadState } from "../../server/protocol/models.ts";
import type { ModelRow } from "./modelRows.ts";

/** What a small button of a download does. */
export type DownloadButton = "pause" | "resume" | "cancel";

/** A download as a row; accepting it does what `onAccept` says. */
export interface DownloadRow extends ModelRow {
  readonly state: DownloadState;
  readonly buttons: readonly DownloadButton[];
  readonly onAccept: "pause" | "resume" | "use" | "nothing";
}

/** Those that run first, then those that can go on, then what is over. */
export function downloadRows(downloads: readonly DownloadState[]): readonly DownloadRow[] {
  return [...downloads].sort((a, b) => rank(a) - rank(b)).map(rowOf);
}

function rowOf(state: DownloadState): DownloadRow {
  const { request, phase, error } = state;
  const running = isRunning(state);
  const canResume = phase === "paused" || phase === "failed";
  return {
    state,
    icon: icons[phase],
    label: request.name,
    description: describeDownload(state),
    ...(phase === "failed" && error !== undefined
      ? { detail: `${error.message} ${error.remedy}` }
      : {}),
    buttons: [
      ...(running ? ["pause" as const] : []),
      ...(canResume ? ["resume" as const] : []),
      ...(running || canResume ? ["cancel" as const] : []),
    ],
    onAccept: running ? "pause" : canResume ? "resume" : phase === "done" ? "use" : "nothing",
  };
}

const icons: Readonly<Record<DownloadState["phase"], string>> = {
  waiting: "watch",
  checking: "sync~spin",
  downloading: "sync~spin",
  verifying: "sync~spin",
  paused: "debug-pause",
  failed: "error",
  cancelled: "circle-slash",
  done: "check",
};

function rank(state: DownloadState): number {
  if (isRunning(state)) return 0;
  return { paused: 1, failed: 1, done: 2, cancelled: 3 }[state.phase as "paused"];
}

/** What the list says above its rows. */
export function downloadsPlaceholder(rows: readonly DownloadRow[]): string {
  const [first] = rows;
  if (first === undefined) return "No model is being downloaded";
  return {
    pause: "Enter pauses; what is there is kept",
    resume: "Enter goes on where it stopped",
    use: "Enter tries the model and uses it",
    nothing: "Nothing runs",
  }[first.onAccept];
}
