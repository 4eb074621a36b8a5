import { createHash } from "node:crypto";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyModelHash } from "../../../../server/models/store/modelHash.ts";

describe("the hash of a model", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "starcoder-hash-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const verify = (path: string) =>
    verifyModelHash({
      path,
      homePath: join(folder, "home"),
      bundledFolder: folder,
      signal: new AbortController().signal,
    });

  it("is remembered at first, then compared with", async () => {
    const path = write("a.gguf", "one");
    expect(await verify(path)).toMatchObject({ kind: "first" });
    expect(await verify(path)).toMatchObject({ kind: "same", source: "remembered" });
    write("a.gguf", "two");
    expect(await verify(path)).toMatchObject({ kind: "other" });
  });

  it("of a file put in the place of another is remembered anew", async () => {
    const path = write("a.gguf", "one");
    await verify(path);
    renameSync(write("b.gguf", "two"), path);
    expect(await verify(path)).toMatchObject({ kind: "first" });
    write("a.gguf", "three");
    expect(await verify(path)).toMatchObject({ kind: "first" });
  });

  it("of a bundled one is what it was shipped with", async () => {
    const path = write("a.gguf", "one");
    const sha256 = createHash("sha256").update("one").digest("hex");
    write("hashes.json", JSON.stringify({ "a.gguf": sha256 }));
    expect(await verify(path)).toEqual({ kind: "same", sha256, source: "shipped" });
    write("a.gguf", "two");
    expect(await verify(path)).toMatchObject({ kind: "other", expected: sha256 });
  });

  it("is taken anew where what was remembered is damaged", async () => {
    const path = write("a.gguf", "one");
    await verify(path);
    writeFileSync(join(folder, "home", "state", "modelHashes.json"), "{");
    expect(await verify(path)).toMatchObject({ kind: "first" });
  });

  it.each([
    ["no", "MODEL_NOT_FOUND"],
    [".", "MODEL_INVALID"],
  ])("of what cannot be read (%s) is a failure: %s", async (name, code) => {
    await expect(verify(join(folder, name))).rejects.toMatchObject({ code });
  });
});
