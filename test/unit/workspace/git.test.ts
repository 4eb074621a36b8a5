import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGit } from "../../../server/workspace/git.ts";

let folder: string;
const git = createGit();

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "starcoder-git-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(cwd: string, ...args: string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  execFileSync("git", [...identity, "-c", "protocol.file.allow=always", ...args], {
    cwd,
    env,
    stdio: "pipe",
  });
}

function write(name: string, text: string, root = folder): string {
  const file = join(root, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function commit(root = folder): void {
  run(root, "add", "-A");
  run(root, "commit", "-q", "-m", "more");
}

describe("a file's text at a revision", () => {
  it("is what was committed, whatever the file holds now", async () => {
    run(folder, "init", "-q");
    const file = write("a/füße b.ts", "one\r\nzwölf\n");
    commit();
    write("a/füße b.ts", "two\n");
    expect(await git.textAt(file)).toEqual({ kind: "text", text: "one\r\nzwölf\n" });
    commit();
    expect(await git.textAt(file, "HEAD~1")).toEqual({ kind: "text", text: "one\r\nzwölf\n" });
    expect(await git.textAt(file)).toEqual({ kind: "text", text: "two\n" });
  });

  it("tells an untracked file from a missing commit, repository and revision", async () => {
    const file = write("a.ts", "one\n");
    expect(await git.textAt(file)).toEqual({ kind: "noRepository" });
    expect(await git.textAt(join(folder, "gone", "a.ts"))).toEqual({ kind: "noRepository" });
    run(folder, "init", "-q");
    expect(await git.textAt(file)).toEqual({ kind: "noHead" });
    commit();
    expect(await git.textAt(write("b.ts", ""))).toEqual({ kind: "untracked" });
    expect(await git.textAt(file, "no-such-branch")).toEqual({ kind: "badRevision" });
  });

  it.each(["--output=/tmp/x", "-p", "", "HEAD:a.ts", "a b", "a\nb"])(
    "never takes %j for a revision",
    async (revision) => {
      const none = createGit({ run: () => Promise.reject(new Error("git was run")) });
      expect(await none.textAt("/a", revision)).toEqual({ kind: "badRevision" });
      expect(await none.changedSince("/a", revision)).toEqual({ kind: "badRevision" });
    },
  );

  it("says so where it is binary or too long", async () => {
    run(folder, "init", "-q");
    const binary = write("a.bin", "a\0b");
    const long = write("long.ts", "a".repeat(4_100_000));
    commit();
    expect(await git.textAt(binary)).toEqual({ kind: "binary" });
    expect(await git.textAt(long)).toEqual({ kind: "tooLarge" });
  });

  it("comes from the submodule that the file lies in, and from a shallow clone", async () => {
    const inner = join(folder, "inner");
    const outer = join(folder, "outer");
    for (const root of [inner, outer]) {
      mkdirSync(root);
      run(root, "init", "-q");
    }
    write("x.ts", "first\n", inner);
    commit(inner);
    write("x.ts", "second\n", inner);
    commit(inner);
    run(outer, "submodule", "--quiet", "add", inner, "sub");
    commit(outer);
    expect(await git.textAt(join(outer, "sub", "x.ts"))).toEqual({
      kind: "text",
      text: "second\n",
    });

    run(folder, "clone", "-q", "--depth", "1", `file://${inner}`, "shallow");
    const shallow = join(folder, "shallow", "x.ts");
    expect(await git.textAt(shallow)).toEqual({ kind: "text", text: "second\n" });
    expect(await git.textAt(shallow, "HEAD~1")).toEqual({ kind: "badRevision" });
  });

  it("is the folder's own where git calls us from a hook of another repository", async () => {
    const other = mkdtempSync(join(tmpdir(), "starcoder-other-"));
    run(other, "init", "-q");
    run(folder, "init", "-q");
    const file = write("a.ts", "one\n");
    commit();
    vi.stubEnv("GIT_DIR", join(other, ".git"));
    vi.stubEnv("GIT_INDEX_FILE", join(other, ".git", "index"));
    try {
      expect(await git.textAt(file)).toEqual({ kind: "text", text: "one\n" });
      expect(await git.changedSince(folder)).toEqual({ kind: "files", files: [] });
    } finally {
      vi.unstubAllEnvs();
      rmSync(other, { recursive: true, force: true });
    }
  });

  it("is no text where git is not installed, hangs or fails", async () => {
    const with_ = (
      ran: Awaited<ReturnType<NonNullable<Parameters<typeof createGit>[0]>["run"] & object>>,
    ) => createGit({ run: () => Promise.resolve(ran) }).textAt("/a/b.ts");
    expect(await with_({ kind: "missing" })).toEqual({ kind: "noRepository" });
    expect(await with_({ kind: "timeout" })).toEqual({ kind: "failed", detail: "timeout" });
    const refused = {
      kind: "exit",
      code: 128,
      error: "fatal: detected dubious ownership",
    } as const;
    expect(await with_(refused)).toEqual({ kind: "noRepository" });
  });
});

describe("files changed since a revision", () => {
  it("are the edited, staged and untracked ones below the folder, not the deleted and ignored", async () => {
    run(folder, "init", "-q");
    for (const name of ["same.ts", "src/edited.ts", "src/staged.ts", "src/deleted.ts"]) {
      write(name, "one\n");
    }
    write(".gitignore", "*.log\n");
    commit();
    write("src/edited.ts", "two lines\nhere\n");
    write("src/staged.ts", "two\nthree\n");
    run(folder, "add", "src/staged.ts");
    rmSync(join(folder, "src/deleted.ts"));
    write("src/new ünd.ts", "");
    write("src/x.log", "");
    write("outside.ts", "");
    expect(await git.changedSince(join(folder, "src"))).toEqual({
      kind: "files",
      files: ["edited.ts", "new ünd.ts", "staged.ts"].map((name) => join(folder, "src", name)),
    });
  });

  it("are asked for in a way that runs nothing the repository names", async () => {
    run(folder, "init", "-q");
    write("a.ts", "one\n");
    write(".gitattributes", "*.ts filter=evil diff=evil\n");
    commit();
    const trap = join(folder, "ran");
    const command = `touch ${trap} ; cat`;
    for (const [key, value] of [
      ["filter.evil.clean", command],
      ["filter.evil.smudge", command],
      ["diff.evil.textconv", command],
      ["diff.evil.command", command],
      ["diff.external", command],
      ["core.fsmonitor", command],
      ["core.pager", command],
    ] as const) {
      run(folder, "config", key, value);
    }
    // The same length: only the content can tell.
    const file = write("a.ts", "two\n");
    expect(await git.changedSince(folder)).toEqual({ kind: "files", files: [file] });
    expect(await git.textAt(file)).toEqual({ kind: "text", text: "one\n" });
    expect(existsSync(trap)).toBe(false);
  });

  it("cannot be told without a commit or a repository", async () => {
    expect(await git.changedSince(folder)).toEqual({ kind: "noRepository" });
    run(folder, "init", "-q");
    expect(await git.changedSince(folder)).toEqual({ kind: "noHead" });
  });
});
