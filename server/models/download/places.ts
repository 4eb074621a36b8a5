import { lstatSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import { modelIdSchema } from "../../protocol/models.ts";

/** Where the files of one download lie. */
export interface DownloadPlaces {
  /** `models/downloads` of the home. */
  readonly folder: string;
  readonly state: string;
  readonly wanted: string;
  readonly lock: string;
  /** Keeps a little of the disk, so that a last word can be written when it is full. */
  readonly room: string;
  /** The unfinished bytes of a part of the model, counted from 0, and what of it is there. */
  part(index: number): { readonly bytes: string; readonly ranges: string };
}

export function downloadsFolder(homePath: string): string {
  return join(homePath, "models", "downloads");
}

/** @throws CodedError `DOWNLOAD_UNSAFE` for an id that could lead elsewhere */
export function placesOf(homePath: string, id: string): DownloadPlaces {
  if (!modelIdSchema.safeParse(id).success) {
    throw new CodedError("DOWNLOAD_UNSAFE", `${JSON.stringify(id.slice(0, 100))} is no id.`);
  }
  const folder = downloadsFolder(homePath);
  return {
    folder,
    state: join(folder, `${id}.state.json`),
    wanted: join(folder, `${id}.wanted.json`),
    lock: join(folder, `${id}.lock`),
    room: join(folder, `${id}.room`),
    part(index) {
      const bytes = join(folder, `${id}.part${index === 0 ? "" : String(index + 1)}`);
      return { bytes, ranges: `${bytes}.ranges.json` };
    },
  };
}

/**
 * A file's name as it may lie in the folder of models: the last part of its path.
 * @throws CodedError `DOWNLOAD_UNSAFE` for a path that climbs, or a name that is none on every system
 */
export function safeName(path: string): string {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  const isSafe =
    !parts.some((part) => part === "" || part === "." || part === "..") &&
    /^[^\\:*?"<>|]{1,200}$/.test(name) &&
    // eslint-disable-next-line no-control-regex -- such names are what it keeps out
    !/[\u0000-\u001f\u007f]/.test(name) &&
    !/^[.\s]|[.\s]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) &&
    /\.gguf$/i.test(name);
  if (isSafe) return name;
  throw new CodedError("DOWNLOAD_UNSAFE", `${JSON.stringify(path.slice(0, 200))} is no name.`);
}

/**
 * Refuses what is neither missing nor of its kind itself: a link could lead anywhere.
 * @throws CodedError `DOWNLOAD_UNSAFE`
 */
export function refuseLink(path: string, kind: "file" | "folder"): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (kind === "file" ? found.isFile() : found.isDirectory()) return;
  const what = found.isSymbolicLink() ? "a symbolic link" : `no ${kind}`;
  throw new CodedError("DOWNLOAD_UNSAFE", `${path} is ${what}.`);
}
