import { rmSync, watch } from "node:fs";
import { basename, join } from "node:path";
import { chosenModelSchema, type ChosenModel } from "../protocol/models.ts";
import { readJson, writeJson } from "./jsonFile.ts";
import { makeFolder } from "./makeFolder.ts";

/*
 * The model of all windows that configure none, in `model.json` of the home.
 */

const fileName = "model.json";
const longest = 64 * 1024;

/** The file that says which model was chosen, or that is not there. */
export function choicePath(homePath: string): string {
  return join(homePath, fileName);
}

/** The chosen model; undefined where none was chosen, or what the file says is no choice. */
export function readChosenModel(homePath: string): ChosenModel | undefined {
  return readJson(choicePath(homePath), chosenModelSchema, longest);
}

/** Chooses a model, or with `undefined` none. The folder must exist. */
export function writeChosenModel(homePath: string, chosen: ChosenModel | undefined): void {
  const path = choicePath(homePath);
  if (chosen === undefined) rmSync(path, { force: true });
  else writeJson(path, chosen);
}

/**
 * Calls back whenever the choice may have changed. Costs nothing while nothing changes. Returns what
 * ends it.
 */
export function watchChosenModel(homePath: string, listener: () => void): () => void {
  try {
    makeFolder(homePath);
    const watcher = watch(homePath, { persistent: false }, (_event, name) => {
      if (name === null || basename(name) === fileName) listener();
    });
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    // A file system that tells no changes: the choice is read at the next start.
    return () => undefined;
  }
}
