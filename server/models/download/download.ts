import { CodedError } from "../../protocol/errors.ts";
import type { EditorFacts } from "../../protocol/editorFacts.ts";
import type { DownloadRequest, DownloadState, MachineFacts } from "../../protocol/models.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { settleIdle } from "./askDownload.ts";
import { diskFailure } from "./diskFailure.ts";
import { watchFolder } from "./folderChanges.ts";
import { placesOf, refuseLink, type DownloadPlaces } from "./places.ts";
import { startWorker } from "./startWorker.ts";
import { isAtEnd, isDownloading, readState, readWanted, writeWanted } from "./states.ts";

export interface DownloadOptions {
  readonly homePath: string;
  /** The bundle that downloads, `dist/download.mjs`. */
  readonly script: string;
  readonly request: DownloadRequest;
  /** Access token of the hub; otherwise that of the environment or the hub's own client. */
  readonly token?: string | undefined;
  /** The editor's network settings. */
  readonly network?: EditorFacts["network"];
  readonly connections: number;
  /** Refuses what does not fit this machine; without it every size is taken. */
  readonly machine?: MachineFacts | undefined;
  /** Stops the download: what arrived is kept. One that somebody else started goes on. */
  readonly signal: AbortSignal;
  readonly onState: (state: DownloadState) => void;
}

/** Processes that may die one after the other without a byte more on the disk. */
const mostDeaths = 3;
/** Milliseconds that a process has for its first word. */
const startMs = 15_000;

/**
 * Downloads a model in a process of its own, or follows the one that does already, and takes over
 * when that one dies. Settles with the last state: done, paused or cancelled.
 * @throws CodedError of the download that failed; `HOME_NOT_WRITABLE`, `DISK_FULL`,
 * `DOWNLOAD_UNSAFE`; `VALIDATION_ERROR` while another file is downloaded under this id
 */
export async function downloadModel(options: DownloadOptions): Promise<DownloadState> {
  const { homePath, request, signal, onState, script } = options;
  const places = placesOf(homePath, request.id);
  const begunAt = Date.now();
  prepare(places);
  const changes = watchFolder(places.folder);
  /** When a process was started from here that is the one to follow; 0: another's. */
  let startedAt = 0;
  let wasSeen = false;
  let deaths = 0;
  let most = 0;
  let told = "";
  let asked = false;
  try {
    for (;;) {
      const state = readState(places);
      const isFresh = state !== undefined && Date.parse(state.updatedAt) >= begunAt;
      const isRunning = isDownloading(places, state);
      if (state !== undefined && (isFresh || isRunning)) {
        // What was said at the end of an earlier download is no word of this one.
        if (isRunning && !isAtEnd(state)) refuseOther(state, request);
        const line = JSON.stringify(state);
        if (line !== told) onState(state);
        told = line;
        if (state.receivedBytes > most) {
          most = state.receivedBytes;
          deaths = 0;
        }
        if (isFresh && isAtEnd(state)) return settled(state);
      }
      if (signal.aborted && !asked) {
        asked = true;
        if (startedAt === 0) return state ?? waitingState(request);
        writeWanted(places, "pause");
      }
      if (isRunning) wasSeen = true;
      else if (wasSeen || Date.now() - startedAt > startMs) {
        // Its last word may have come while it was looked for.
        if (JSON.stringify(readState(places)) !== JSON.stringify(state)) continue;
        const wanted = readWanted(places);
        if (wanted !== "run") {
          const end = await settleIdle(homePath, request, wanted);
          if (end !== undefined) return end;
        } else {
          if (wasSeen || startedAt > 0) deaths += 1;
          if (deaths > mostDeaths) {
            throw new CodedError("DOWNLOAD_INTERRUPTED", "Its process ended again and again.");
          }
          wasSeen = false;
          startedAt = Date.now();
          await startWorker(script, jobOf(options));
        }
      }
      await changes.next(250);
    }
  } finally {
    changes.close();
  }
}

function prepare(places: DownloadPlaces): void {
  try {
    makeFolder(places.folder);
    refuseLink(places.folder, "folder");
    writeWanted(places, "run");
  } catch (thrown) {
    throw diskFailure(places.folder, thrown);
  }
}

function jobOf({ homePath, request, token, network, connections, machine }: DownloadOptions) {
  return {
    ...{ homePath, request, network, connections },
    ...(token === undefined ? {} : { token }),
    ...(machine === undefined ? {} : { machine }),
  };
}

function settled(state: DownloadState): DownloadState {
  if (state.phase !== "failed") return state;
  throw state.error === undefined
    ? new CodedError("DOWNLOAD_INTERRUPTED")
    : CodedError.fromData(state.error);
}

function waitingState(request: DownloadRequest): DownloadState {
  const updatedAt = new Date().toISOString();
  return { version: 1, request, phase: "waiting", receivedBytes: 0, updatedAt };
}

function refuseOther({ request: running }: DownloadState, wanted: DownloadRequest): void {
  if (
    running.quantization === wanted.quantization &&
    JSON.stringify(running.source) === JSON.stringify(wanted.source)
  ) {
    return;
  }
  throw new CodedError(
    "VALIDATION_ERROR",
    `Another file of ${wanted.name} is being downloaded (${running.quantization ?? "another source"}); cancel that one first.`,
  );
}
