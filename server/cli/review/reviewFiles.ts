import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Product } from "../../compose/compose.ts";
import { CodedError } from "../../protocol/errors.ts";
import { languageOf } from "../../text/languageOf.ts";
import { UsageError } from "../outcome.ts";

/** Which files a command line means. */
export interface FileChoice {
  /** As given: files, or folders for all that lies in them. */
  readonly names: readonly string[];
  /** Only what differs from this revision. */
  readonly since: string | undefined;
}

type World = Pick<Product, "git" | "projects">;

/**
 * Absolute paths of the files to review, each once, in order. Files that are named are taken as they
 * are, missing ones too; in folders, ignored files and those in no known language are left out, and a
 * folder that cannot be read stands for itself, so that it is told of.
 * @throws CodedError VALIDATION_ERROR for a revision that git does not know; UsageError where nothing
 * is named.
 */
export async function filesToReview(world: World, choice: FileChoice): Promise<string[]> {
  const { names, since } = choice;
  if (names.length === 0) {
    if (since === undefined) throw new UsageError("Name a file or a folder, or use --changed.");
    return changedIn(world, process.cwd(), since);
  }
  const files = new Set<string>();
  for (const name of names) {
    const path = resolve(name);
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) files.add(path);
    else if (since === undefined)
      for (const file of await walk(world.projects, path)) files.add(file);
    else for (const file of await changedIn(world, path, since)) files.add(file);
  }
  return [...files];
}

async function changedIn({ git, projects }: World, folder: string, since: string) {
  const changes = await git.changedSince(folder, since);
  if (changes.kind === "files") {
    return changes.files.filter((file) => isCode(file) && !isIgnored(projects, file)).sort();
  }
  const detail = {
    noRepository: `${folder} lies in no git repository.`,
    noHead: "Nothing was committed yet.",
    badRevision: `Git knows no revision ${since}.`,
    tooLarge: "Too many files changed.",
    failed: "Git failed.",
  }[changes.kind];
  throw new CodedError("VALIDATION_ERROR", detail);
}

async function walk(projects: World["projects"], folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [folder];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
    if (isIgnored(projects, path)) continue;
    if (entry.isDirectory()) found.push(...(await walk(projects, path)));
    else if (entry.isFile() && isCode(path)) found.push(path);
  }
  return found;
}

function isIgnored(projects: World["projects"], path: string): boolean {
  return projects.isIgnored(pathToFileURL(path).href);
}

function isCode(path: string): boolean {
  return languageOf(path) !== "plaintext";
}
