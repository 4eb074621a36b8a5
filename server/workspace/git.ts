import { realpath } from "node:fs/promises";
import path from "node:path";
import { isBinary } from "./binary.ts";
import { runGit, type GitRun } from "./runGit.ts";

/** A file's text at a revision. Nothing is thrown: each case is expected somewhere. */
export type GitText =
  | { readonly kind: "text"; readonly text: string }
  /** The revision exists and does not hold the file: it is new, or untracked. */
  | { readonly kind: "untracked" }
  /** No git installed, no repository, or one that git refuses to look into. */
  | { readonly kind: "noRepository" }
  /** Nothing was committed yet. */
  | { readonly kind: "noHead" }
  /** Not there, or cut off in a shallow clone, or no revision by its form. */
  | { readonly kind: "badRevision" }
  | { readonly kind: "binary" }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "failed"; readonly detail: string };

/** Files that differ from a revision. */
export type GitChanges =
  | { readonly kind: "files"; readonly files: readonly string[] }
  | Extract<GitText, { kind: "noRepository" | "noHead" | "badRevision" | "tooLarge" | "failed" }>;

/** What git knows, asked of the `git` program, in which nothing that a repository names is run. */
export interface Git {
  /** Text of a file (absolute path) at a revision, `HEAD` by default. */
  textAt(file: string, revision?: string): Promise<GitText>;
  /**
   * Absolute paths of files at or below a folder that are new or may differ from a revision, `HEAD`
   * by default: untracked ones are named, deleted and ignored ones are not. A file that was only
   * touched is named, too.
   */
  changedSince(folder: string, revision?: string): Promise<GitChanges>;
}

export interface GitOptions {
  /** Runs git in a folder; the program itself by default. */
  readonly run?: GitRun;
}

/** Longest file that is read, in bytes, and longest list of names. */
const longestFile = 4_000_000;
const longestList = 4_000_000;

export function createGit({ run = runGit }: GitOptions = {}): Git {
  /** Why a question about a revision failed; undefined: it is a commit. */
  async function problemOf(folder: string, revision: string) {
    const found = await run(folder, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
    if (found.kind === "done") return undefined;
    if (found.kind === "missing") return { kind: "noRepository" } as const;
    if (found.kind !== "exit") return { kind: "failed", detail: found.kind } as const;
    // Quietly: no such revision. Else git could not begin.
    if (found.code === 1) {
      return { kind: revision === "HEAD" ? "noHead" : "badRevision" } as const;
    }
    const isBad = /revision|object|ambiguous/.test(found.error) && revision !== "HEAD";
    return { kind: isBad ? "badRevision" : "noRepository" } as const;
  }

  /**
   * Options that turn off the filters a repository configures, which comparing a file's content would
   * run; undefined where one has a name that no option can carry.
   */
  async function withoutFilters(folder: string): Promise<string[] | undefined> {
    const found = await run(folder, ["config", "-z", "--name-only", "--get-regexp", "^filter\\."]);
    if (found.kind === "exit" && found.code === 1) return [];
    if (found.kind !== "done") return undefined;
    const keys = new TextDecoder()
      .decode(found.output)
      .split("\0")
      .filter((key) => key !== "");
    if (keys.some((key) => !/^filter\.[\w.-]+$/.test(key))) return undefined;
    const names = new Set(keys.map((key) => key.slice(0, key.lastIndexOf("."))));
    return [...names].flatMap((name) =>
      [`${name}.clean=`, `${name}.process=`, `${name}.required=false`].flatMap((set) => [
        "-c",
        set,
      ]),
    );
  }

  return {
    async textAt(file, revision = "HEAD") {
      if (!isRevision(revision)) return { kind: "badRevision" };
      const real = await realpath(file).catch(() => file);
      const folder = path.dirname(real);
      const name = `${revision}:./${path.basename(real)}`;
      const shown = await run(folder, ["cat-file", "blob", name], longestFile);
      if (shown.kind === "done") {
        if (isBinary(shown.output)) return { kind: "binary" };
        return { kind: "text", text: new TextDecoder("utf-8").decode(shown.output) };
      }
      if (shown.kind === "tooLong") return { kind: "tooLarge" };
      if (shown.kind === "missing") return { kind: "noRepository" };
      if (shown.kind !== "exit") return { kind: "failed", detail: shown.kind };
      return (await problemOf(folder, revision)) ?? { kind: "untracked" };
    },

    async changedSince(folder, revision = "HEAD") {
      if (!isRevision(revision)) return { kind: "badRevision" };
      const real = await realpath(folder).catch(() => folder);
      const problem = await problemOf(real, revision);
      if (problem !== undefined) return problem;
      const off = await withoutFilters(real);
      if (off === undefined) return { kind: "failed", detail: "a filter's name is strange" };
      const lists = [
        [
          ...[
            ...off,
            "diff-index",
            "-z",
            "--name-only",
            "--relative",
            "--no-renames",
            "--no-ext-diff",
          ],
          ...["--ignore-submodules=all", "--diff-filter=d", revision, "--", "."],
        ],
        ["ls-files", "-z", "--others", "--exclude-standard", "--", "."],
      ];
      const files = new Set<string>();
      for (const list of lists) {
        const listed = await run(real, list, longestList);
        if (listed.kind === "tooLong") return { kind: "tooLarge" };
        if (listed.kind !== "done") {
          return { kind: "failed", detail: listed.kind === "exit" ? listed.error : listed.kind };
        }
        for (const name of new TextDecoder().decode(listed.output).split("\0")) {
          if (name !== "") files.add(path.join(real, ...name.split("/")));
        }
      }
      return { kind: "files", files: [...files].sort() };
    },
  };
}

/** Whether an argument may be a revision: no option, no path, nothing that a terminal would hide. */
function isRevision(revision: string): boolean {
  return /^[^\-:\s\p{Cc}][^:\s\p{Cc}]{0,250}$/u.test(revision);
}
