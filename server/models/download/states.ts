import { readdirSync, rmSync, watch } from "node:fs";
import { z } from "zod";
import { CodedError } from "../../protocol/errors.ts";
import { downloadStateSchema, type DownloadState } from "../../protocol/models.ts";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { processRuns } from "../../state/processStart.ts";
import { isHeld } from "../../state/soleHolder.ts";
import { downloadsFolder, placesOf, type DownloadPlaces } from "./places.ts";
import { without } from "./without.ts";

/*
 * How downloads stand, in files of the home that every process reads.
 */

const longest = 256 * 1024;
const wantedSchema = z.object({ wanted: z.enum(["run", "pause", "cancel"]) });
/** What its user wants of a download. */
export type Wanted = z.infer<typeof wantedSchema>["wanted"];

/** What was asked last; `run` where nothing was. */
export function readWanted({ wanted }: DownloadPlaces): Wanted {
  return readJson(wanted, wantedSchema, longest)?.wanted ?? "run";
}

export function writeWanted({ wanted: path }: DownloadPlaces, wanted: Wanted): void {
  writeJson(path, { wanted });
}

export function readState({ state }: DownloadPlaces): DownloadState | undefined {
  return readJson(state, downloadStateSchema, longest);
}

export function writeState({ state: path }: DownloadPlaces, state: DownloadState): void {
  writeJson(path, state);
}

const ends: readonly DownloadState["phase"][] = ["paused", "failed", "cancelled", "done"];

/** Whether nothing more comes in this state until somebody asks. */
export function isAtEnd({ phase }: DownloadState): boolean {
  return ends.includes(phase);
}

/** Whether a process downloads it at this moment. */
export function isDownloading(places: DownloadPlaces, state = readState(places)): boolean {
  if (!isHeld(places.lock) || (state !== undefined && isAtEnd(state))) return false;
  // Before its first word it has not said who it is.
  return state?.pid === undefined || processRuns(state.pid);
}

/** The downloads that are under way, wait or have failed; one whose process died has failed, too. */
export function listDownloads(homePath: string): DownloadState[] {
  return readStates(homePath).filter(({ phase }) => phase !== "done" && phase !== "cancelled");
}

/** The downloads that should run and that nobody downloads: after a crash or a restart. */
export function resumableDownloads(homePath: string): DownloadState[] {
  return listDownloads(homePath).filter((state) => {
    const places = placesOf(homePath, state.request.id);
    const isLeft =
      state.phase === "paused" || (state.phase === "failed" && state.error?.retryable === true);
    return isLeft && readWanted(places) === "run" && !isDownloading(places);
  });
}

function readStates(homePath: string): DownloadState[] {
  const ending = ".state.json";
  let names: string[];
  try {
    names = readdirSync(downloadsFolder(homePath)).filter((name) => name.endsWith(ending));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const places = placesOf(homePath, name.slice(0, -ending.length));
      const state = readState(places);
      return state === undefined ? [] : [truthful(places, state)];
    } catch {
      return [];
    }
  });
}

/** A process that was killed leaves the state in which it was. */
function truthful(places: DownloadPlaces, state: DownloadState): DownloadState {
  if (isAtEnd(state) || isDownloading(places, state)) return state;
  if (state.pid === undefined && Date.now() - Date.parse(state.updatedAt) < 10_000) return state;
  const rest = without(state, "pid", "bytesPerSecond", "secondsLeft", "retryInSeconds", "tries");
  const error = new CodedError("DOWNLOAD_INTERRUPTED", "Its process has ended.").toData();
  return { ...rest, phase: "failed", error };
}

/**
 * Calls back with all downloads, those that have ended included, whenever one of them changes.
 * Costs nothing while none does. Returns what ends it.
 */
export function watchDownloads(
  homePath: string,
  listener: (states: DownloadState[]) => void,
): () => void {
  const folder = downloadsFolder(homePath);
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      listener(readStates(homePath));
    }, 50);
  };
  try {
    makeFolder(folder);
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || name.endsWith(".state.json")) later();
    });
    watcher.on("error", () => watcher.close());
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    // A file system that tells no changes: states are read when they are asked for.
    return () => undefined;
  }
}

/** Removes states of downloads that ended a day ago. */
export function sweepStates(homePath: string, now: number): void {
  for (const state of readStates(homePath)) {
    if (state.phase !== "done" && state.phase !== "cancelled") continue;
    if (now - Date.parse(state.updatedAt) < 86_400_000) continue;
    const places = placesOf(homePath, state.request.id);
    for (const path of [places.state, places.wanted]) rmSync(path, { force: true });
  }
}
