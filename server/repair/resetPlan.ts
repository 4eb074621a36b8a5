import { lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, parse, relative } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import type { ResetRecord } from "../protocol/repair.ts";
import { homeParts } from "./homeParts.ts";

export interface ResetChoice {
  readonly backups: boolean;
  readonly models: boolean;
}

/** What a reset deletes; every path in `paths` is below the home and followed through no link. */
export interface ResetPlan {
  readonly items: ResetRecord["items"];
  readonly paths: readonly string[];
  /** Names at the top of the home that are left because they are not ours, or because they are links. */
  readonly left: readonly string[];
}

/**
 * Lists what a reset of a home would delete, with sizes.
 * @throws CodedError `VALIDATION_ERROR` where the home is no folder of the product's own
 */
export function planReset(
  homePath: string,
  choice: ResetChoice,
  userFolder: string = homedir(),
): ResetPlan {
  const status = statusOf(homePath);
  if (status === undefined) return { items: [], paths: [], left: [] };
  const home = realpathSync(homePath);
  refuseForeign(home, userFolder);
  const items: ResetRecord["items"] = [];
  const paths: string[] = [];
  for (const part of homeParts) {
    if (part.only !== undefined && !choice[part.only]) continue;
    const path = join(home, part.path);
    // A link in the way leads somewhere else: what lies there is not looked at.
    if (dirname(part.path) !== "." && !isFolder(dirname(path))) continue;
    const own = ownPaths(path, part.own);
    if (own.length === 0) continue;
    const sizes = own.map(sizeOf);
    paths.push(...own);
    items.push({
      name: part.title,
      path,
      files: sizes.reduce((sum, { files }) => sum + files, 0),
      bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  const tops = new Set(homeParts.map(({ path }) => path.split("/")[0]));
  const left = readdirSync(home).filter(
    (name) =>
      (!tops.has(name) && !paths.includes(join(home, name))) ||
      statusOf(join(home, name))?.isSymbolicLink() === true,
  );
  return { items, paths, left };
}

/**
 * A home that was set by mistake must not cost anyone their files.
 * @param home links resolved
 * @throws CodedError `VALIDATION_ERROR` where it is no folder of the product's own
 */
export function refuseForeign(home: string, userFolder: string): void {
  const way = relative(home, safeReal(userFolder));
  const isAbove = !way.startsWith("..") && !isAbsolute(way);
  const parts = readdirSync(home);
  const isOurs = ["run", "logs", "models", "backups"].some((name) => parts.includes(name));
  const isProject = parts.some((name) => [".git", "package.json", ".vscode"].includes(name));
  if (parse(home).root === home || isAbove || isProject || (parts.length > 0 && !isOurs)) {
    const detail = `${home} does not look like a folder of StarCoder Local. Nothing was deleted.`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
}

function safeReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function ownPaths(path: string, own: RegExp | undefined): string[] {
  const status = statusOf(path);
  if (own === undefined) return status?.isFile() === true ? [path] : [];
  if (status?.isDirectory() !== true) return [];
  return readdirSync(path)
    .filter((name) => own.test(name))
    .map((name) => join(path, name));
}

/** Counts what removing a path removes: links themselves, never what they lead to. */
function sizeOf(path: string): { readonly files: number; readonly bytes: number } {
  const status = statusOf(path);
  if (status === undefined) return { files: 0, bytes: 0 };
  if (!status.isDirectory()) return { files: 1, bytes: status.size };
  const sizes = readdirSync(path).map((name) => sizeOf(join(path, name)));
  return {
    files: sizes.reduce((sum, { files }) => sum + files, 0),
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true;
}

function statusOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
