import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isBinary } from "../../../server/workspace/binary.ts";
import { createGitRoots } from "../../../server/workspace/gitRoot.ts";
import { createIgnoreRules } from "../../../server/workspace/ignoreRules.ts";
import { readText } from "../../../server/workspace/readText.ts";

const root = path.resolve("/project");

/** Rules over files that are only in memory. */
function rules(files: Record<string, string>) {
  const read = (file: string) => files[path.relative(root, file).split(path.sep).join("/")];
  const { isIgnored } = createIgnoreRules({ root, read });
  return (file: string) => isIgnored(path.join(root, file));
}

describe("ignore rules", () => {
  it("follow the root's .gitignore", () => {
    const ignored = rules({ ".gitignore": "dist/\n*.log\n!keep.log\n" });
    expect(ignored("dist/a.js")).toBe(true);
    expect(ignored("a/b.log")).toBe(true);
    expect(ignored("keep.log")).toBe(false);
    expect(ignored("src/a.ts")).toBe(false);
  });

  it("let the nearer file win, but not inside an ignored folder", () => {
    const ignored = rules({
      ".gitignore": "*.gen.ts\nout/\n",
      "api/.gitignore": "!*.gen.ts\nlocal.ts\n",
      "out/.gitignore": "!*\n",
    });
    expect(ignored("a.gen.ts")).toBe(true);
    expect(ignored("api/a.gen.ts")).toBe(false);
    expect(ignored("api/local.ts")).toBe(true);
    expect(ignored("local.ts")).toBe(false);
    expect(ignored("out/a.ts")).toBe(true);
  });

  it("always ignore what tools put there, and heed .starcoderignore", () => {
    const ignored = rules({ ".starcoderignore": "private/\n" });
    expect(ignored("node_modules/a/index.js")).toBe(true);
    expect(ignored("a/node_modules/b.js")).toBe(true);
    expect(ignored(".git/config")).toBe(true);
    expect(ignored("private/a.ts")).toBe(true);
  });

  it("say nothing of files outside of the root", () => {
    const { isIgnored } = createIgnoreRules({ root, read: () => "*" });
    expect(isIgnored(path.resolve("/elsewhere/a.ts"))).toBe(false);
    expect(isIgnored(root)).toBe(false);
  });

  it("read each ignore file once until told to forget", () => {
    let reads = 0;
    const { isIgnored, forget } = createIgnoreRules({
      root,
      read: () => {
        reads++;
        return undefined;
      },
    });
    isIgnored(path.join(root, "a.ts"));
    const once = reads;
    isIgnored(path.join(root, "b.ts"));
    expect(reads).toBe(once);
    forget();
    isIgnored(path.join(root, "b.ts"));
    expect(reads).toBe(2 * once);
  });
});

describe("the git root", () => {
  it("is the nearest folder with .git, looked for once", () => {
    let asked = 0;
    const roots = createGitRoots((file) => {
      asked++;
      return file === path.join(root, ".git");
    });
    expect(roots.rootOf(path.join(root, "a", "b"))).toBe(root);
    const once = asked;
    expect(roots.rootOf(path.join(root, "a"))).toBe(root);
    expect(asked).toBe(once);
    expect(roots.rootOf(path.resolve("/elsewhere"))).toBeUndefined();
  });
});

describe("reading text", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "workspace-"));
  afterAll(() => rm(folder, { recursive: true }));
  const file = (name: string) => path.join(folder, name);

  it("gives the text without its byte order mark", async () => {
    await writeFile(file("a.ts"), "\ufeffgröße\r\n");
    expect(await readText(file("a.ts"))).toEqual({ kind: "text", text: "größe\r\n" });
  });

  it("does not read what is binary, too large, a folder or not there", async () => {
    await writeFile(file("a.bin"), new Uint8Array([65, 0, 66]));
    await writeFile(file("large.ts"), "x".repeat(2000));
    expect(await readText(file("a.bin"))).toEqual({ kind: "binary" });
    expect(await readText(file("large.ts"), 1000)).toEqual({ kind: "tooLarge", bytes: 2000 });
    expect(await readText(folder)).toEqual({ kind: "missing" });
    expect(await readText(file("none.ts"))).toEqual({ kind: "missing" });
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", async () => {
    execFileSync("mkfifo", [file("pipe.ts")]);
    expect(await readText(file("pipe.ts"))).toEqual({ kind: "missing" });
  });

  it("a NUL far from the start does not make it binary", () =>
    expect(isBinary(new Uint8Array(9000).fill(65).fill(0, 8500))).toBe(false));
});
