import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryOf } from "../../../../server/models/catalogue/entryOf.ts";

const hubHosts = ["hub.example", "hub-short.example"];

describe("what a user calls a model", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-reference-"));
    mkdirSync(join(folder, "sub.gguf"));
    file = join(folder, "My Model-Q4_K_M.gguf");
    writeFileSync(file, "");
    writeFileSync(join(folder, "big-00001-of-00003.gguf"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const of = (reference: string, more = {}) => entryOf(reference, { hubHosts, ...more });
  const hub = (repository: string, path: string, revision = "main") => ({
    kind: "hub",
    repository,
    revision,
    file: path,
  });

  it("may be a file, by its whole path, from the user's folder or from the folder given", async () => {
    const entry = { id: "my-model-q4_k_m", name: "My Model-Q4_K_M", source: { kind: "file" } };
    expect(await of(file)).toMatchObject({ ...entry, source: { path: file } });
    const home = await of("~/My Model-Q4_K_M.gguf", { userFolder: folder });
    expect(home.source).toEqual({ kind: "file", path: file });
    const here = await of("./My Model-Q4_K_M.gguf", { folder });
    expect(here.source).toEqual({ kind: "file", path: file });
    expect((await of("My Model-Q4_K_M.gguf", { folder })).source).toEqual(here.source);
  });

  it("is named by the whole where it is the first part of a split file", async () => {
    expect(await of(join(folder, "big-00001-of-00003.gguf"))).toMatchObject({
      id: "big",
      name: "big",
    });
  });

  it("may be a repository of the hub, with a quantization or a file", async () => {
    expect(await of("some.one/Model-7B-GGUF")).toMatchObject({
      id: "model-7b",
      name: "Model-7B",
      source: hub("some.one/Model-7B-GGUF", "*.gguf"),
      quantizations: [],
    });
    expect(await of(" someone/Model-7B-GGUF:q4_k_m ")).toMatchObject({
      id: "model-7b-q4_k_m",
      source: hub("someone/Model-7B-GGUF", "*{quantization}.gguf"),
      quantizations: [{ name: "Q4_K_M" }],
    });
    expect(await of("someone/m:sub/model-q8-00001-of-00002.gguf")).toMatchObject({
      id: "model-q8",
      source: hub("someone/m", "sub/model-q8-00001-of-00002.gguf"),
    });
  });

  it.each([
    ["https://hub.example/someone/m-GGUF", "*.gguf", "main"],
    ["https://hub.example/someone/m-GGUF/", "*.gguf", "main"],
    ["https://hub.example/someone/m-GGUF/tree/main", "*.gguf", "main"],
    ["https://hub.example/someone/m-GGUF/tree/v2/sub", "*.gguf", "v2"],
    ["https://hub-short.example/someone/m-GGUF/blob/main/m.Q8_0.gguf", "m.Q8_0.gguf", "main"],
    ["https://hub.example/someone/m-GGUF/resolve/abc/s/m.gguf?download=true", "s/m.gguf", "abc"],
    ["https://hub.example/someone/m-GGUF/blob/main/a%20b.gguf", "a b.gguf", "main"],
  ])("may be the page %s of the hub", async (url, path, revision) => {
    expect((await of(url)).source).toEqual(hub("someone/m-GGUF", path, revision));
  });

  it("may be any other address, by https or on this machine", async () => {
    expect(await of("https://elsewhere.example/a/b/Own%20Model.gguf?k=1#part")).toMatchObject({
      id: "own-model",
      name: "Own Model",
      source: { kind: "url", url: "https://elsewhere.example/a/b/Own%20Model.gguf?k=1" },
    });
    for (const host of ["localhost:8080", "127.0.0.1", "[::1]:1"]) {
      expect((await of(`http://${host}/m.gguf`)).source.kind).toBe("url");
    }
  });

  it.each([
    ["", "VALIDATION_ERROR"],
    ["starcoder2", "VALIDATION_ERROR"],
    ["a/b/c", "VALIDATION_ERROR"],
    ["relative/deep/m.gguf", "VALIDATION_ERROR"],
    ["someone/m:Q4 K", "VALIDATION_ERROR"],
    ["someone/m:../../m.gguf", "DOWNLOAD_UNSAFE"],
    ["someone/m:a\\..\\m.gguf", "DOWNLOAD_UNSAFE"],
    ["https://hub.example/someone/m/blob/main/..%2f..%2fm.gguf", "DOWNLOAD_UNSAFE"],
    ["https://hub.example/docs", "VALIDATION_ERROR"],
    ["https://hub.example/a%2fb/c", "VALIDATION_ERROR"],
    ["http://elsewhere.example/m.gguf", "DOWNLOAD_UNSAFE"],
    ["http://localhost.example/m.gguf", "DOWNLOAD_UNSAFE"],
    ["file:///etc/passwd", "DOWNLOAD_UNSAFE"],
    ["https://user:secret@elsewhere.example/m.gguf", "VALIDATION_ERROR"],
    ["https://elsewhere.example/", "VALIDATION_ERROR"],
    ["https://", "VALIDATION_ERROR"],
    ["/no/such/model.gguf", "MODEL_NOT_FOUND"],
  ])("is refused as %j", async (reference, code) => {
    await expect(of(reference)).rejects.toMatchObject({ code });
  });

  it("is no folder", async () => {
    await expect(of(join(folder, "sub.gguf"))).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it("is not repeated with the secret that stands in an address", async () => {
    await expect(of("https://user:secret@elsewhere.example/m.gguf")).rejects.not.toThrow(/secret/);
  });
});
