import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { listModels, type ListOptions } from "../../../../server/models/store/listModels.ts";
import { recordModel } from "../../../../server/models/store/store.ts";
import { modelListSchema, type ModelList } from "../../../../server/protocol/models.ts";
import { writeChosenModel } from "../../../../server/state/chosenModel.ts";
import { temporaryFolder } from "../../../support/localEngine.ts";
import { ownProduct } from "../../../support/productCopy.ts";

const bundled = join(ownProduct, "media", "models", "starcoder-tiny.gguf");

let folder: string;
let home: string;
beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder, "home");
  mkdirSync(join(home, "models"), { recursive: true });
});

async function list(options: Partial<ListOptions> = {}): Promise<ModelList["models"]> {
  return (await listAll(options)).models;
}

async function listAll(options: Partial<ListOptions> = {}): Promise<ModelList> {
  const all = { homePath: home, bundledModelPath: bundled, configured: "" };
  return modelListSchema.parse(await listModels({ ...all, tools: false, ...options }));
}

/** A copy of the bundled model: a file of its own. */
function copyTo(...names: string[]): string {
  const path = join(folder, ...names);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(bundled, path);
  return path;
}

const inHome = (name: string) => copyTo("home", "models", name);

function asUser(env: Record<string, string> = {}) {
  return { tools: { env, platform: "linux", userFolder: join(folder, "user") } } as const;
}

describe("the list of models", () => {
  it("is the bundled one alone, active, when there is no other", async () => {
    expect(await list()).toMatchObject([{ source: "bundled", active: true, starter: true }]);
  });

  it.each([
    ["/no/such.gguf", "MODEL_NOT_FOUND"],
    ["relative.gguf", "VALIDATION_ERROR"],
  ])("says why the configured %s cannot be used", async (configured, code) => {
    expect(await list({ configured })).toMatchObject([
      { source: "configured", active: true, error: { code } },
      { source: "bundled", active: false },
    ]);
  });

  it("names what was downloaded as it was recorded", async () => {
    inHome("a.gguf");
    const source = { kind: "hub", repository: "a/b", revision: "main", file: "a.gguf" } as const;
    const files = [{ name: "a.gguf", sha256: "00" }];
    await recordModel(home, { id: "a", name: "Model A", files, source, quantization: "Q8_0" });
    expect(await list()).toMatchObject([
      { source: "bundled" },
      { id: "a", name: "Model A", source: "downloaded", quantization: "Q8_0", sha256: "00" },
    ]);
  });

  it("has two quantizations of one model under two ids", async () => {
    const source = { kind: "url", url: "https://example.org/a.gguf" } as const;
    for (const quantization of ["Q4_K_M", "Q8_0", "Q8_0"]) {
      inHome(`${quantization}.gguf`);
      const files = [{ name: `${quantization}.gguf` }];
      await recordModel(home, { id: "a", name: "A", files, source, quantization });
    }
    expect((await list()).map(({ id }) => id)).toEqual(["starcoder-tiny", "a", "a-q8_0"]);
  });

  it("holds files of the home that nobody recorded, whatever became of the record", async () => {
    inHome("own.gguf");
    writeFileSync(join(home, "models", "store.json"), "{ damaged");
    writeFileSync(join(home, "catalogue.json"), "[]");
    expect(await list()).toMatchObject([{ source: "bundled" }, { id: "own" }]);
    await recordModel(home, {
      ...{ id: "own", name: "Own", files: [{ name: "own.gguf" }] },
      source: { kind: "url", url: "https://example.org/own.gguf" },
    });
    expect(await list()).toMatchObject([{ source: "bundled" }, { name: "Own" }]);
    expect(readFileSync(join(home, "models", "store.json.damaged"), "utf8")).toBe("{ damaged");
  });

  it("marks the chosen one, unless a setting goes before it", async () => {
    const chosen = copyTo("chosen.gguf");
    const configured = copyTo("configured.gguf");
    writeChosenModel(home, { version: 1, path: chosen });
    expect(await list()).toMatchObject([
      { path: chosen, active: true },
      { source: "bundled", active: false },
    ]);
    expect(await list({ configured })).toMatchObject([
      { path: configured, active: true, source: "configured" },
      { path: chosen, active: false },
      { source: "bundled", active: false },
    ]);
  });

  it("says once what lies under several names", async () => {
    const own = inHome("own.gguf");
    linkSync(own, join(folder, "linked.gguf"));
    symlinkSync(own, join(folder, "symbolic.gguf"));
    writeChosenModel(home, { version: 1, path: join(folder, "linked.gguf") });
    const models = await list({ configured: join(folder, "symbolic.gguf") });
    expect(models).toMatchObject([{ path: own, active: true }, { source: "bundled" }]);
  });

  it("says of what was recorded and is gone, or shorter now, that it is", async () => {
    const source = { kind: "url", url: "https://example.org/a.gguf" } as const;
    for (const name of ["gone", "short"]) {
      inHome(`${name}.gguf`);
      await recordModel(home, { id: name, name, files: [{ name: `${name}.gguf` }], source });
    }
    rmSync(join(home, "models", "gone.gguf"));
    rmSync(join(home, "models", "short.gguf"));
    truncateSync(inHome("short.gguf"), 6_000_000);
    expect(await list()).toMatchObject([
      { source: "bundled" },
      { id: "gone", error: { code: "MODEL_NOT_FOUND" } },
      { id: "short", error: { code: "MODEL_INVALID" } },
    ]);
  });

  it("counts what models and unfinished downloads take", async () => {
    inHome("own.gguf");
    mkdirSync(join(home, "models", "downloads"));
    writeFileSync(join(home, "models", "downloads", "a.part"), Buffer.alloc(1000, 1));
    const { diskBytes, diskFreeBytes } = await listAll();
    expect(diskBytes).toBe(readFileSync(bundled).length + 1000);
    expect(diskFreeBytes).toBeGreaterThan(0);
  });

  it("is read from headers remembered, as long as a file stays the same", async () => {
    const own = inHome("own.gguf");
    await list();
    const remembered = readFileSync(join(home, "state", "modelHeaders.json"), "utf8");
    expect(remembered).toContain(JSON.stringify(own));
    truncateSync(own, 5000);
    expect(await list()).toMatchObject([{}, { id: "own", error: { code: "MODEL_INVALID" } }]);
  });
});

describe("models of other tools", () => {
  const blob = "ab".repeat(32);
  const manifest = (digest: string) =>
    JSON.stringify({
      layers: [
        { mediaType: "application/vnd.ollama.image.license", digest: `sha256:${"0".repeat(64)}` },
        { mediaType: "application/vnd.ollama.image.model", digest },
      ],
    });
  function writeManifest(digest: string, ...names: string[]): void {
    const path = join(folder, "user", ".ollama", "models", "manifests", ...names);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, manifest(digest));
  }

  it("are found where each tool keeps them", async () => {
    copyTo("user", ".lmstudio", "models", "owner", "repo", "lm.gguf");
    copyTo("user", ".ollama", "models", "blobs", `sha256-${blob}`);
    writeManifest(`sha256:${blob}`, "registry.ollama.ai", "library", "starcoder2", "3b");
    copyTo("user", ".cache", "llama.cpp", "owner_repo_llama.gguf");
    const snapshot = join(folder, "user/.cache/huggingface/hub/models--owner--repo/snapshots/0ab1");
    mkdirSync(snapshot, { recursive: true });
    symlinkSync(copyTo("user", "blobs", "0"), join(snapshot, "hf.gguf"));
    copyTo("user", ".config", "Jan", "data", "llamacpp", "models", "jan-model", "model.gguf");
    const found = (await list(asUser())).filter(({ source }) => source === "found");
    expect(found.map(({ id, tool, name }) => [id, tool, name])).toEqual([
      ["lm-studio-owner-repo-lm", "LM Studio", "owner/repo/lm.gguf"],
      ["ollama-starcoder2-3b", "Ollama", "starcoder2:3b"],
      ["llama-cpp-owner_repo_llama", "llama.cpp", "owner_repo_llama.gguf"],
      ["hugging-face-owner-repo-hf", "Hugging Face", "owner/repo/hf.gguf"],
      ["jan-jan-model", "Jan", "jan-model"],
    ]);
    expect(found[1]?.sha256).toBe(blob);
  });

  it("are found in folders that were set for a tool", async () => {
    const lmStudio = join(folder, "user", ".lmstudio");
    copyTo("elsewhere", "o", "r", "lm.gguf");
    mkdirSync(lmStudio, { recursive: true });
    const settings = { downloadsFolder: join(folder, "elsewhere") };
    writeFileSync(join(lmStudio, "settings.json"), JSON.stringify(settings));
    copyTo("llama", "x.gguf");
    copyTo("hf", "hub", "models--o--r", "snapshots", "1", "y.gguf");
    const env = { LLAMA_CACHE: join(folder, "llama"), HF_HOME: join(folder, "hf") };
    const names = (await list(asUser(env))).map(({ name }) => name);
    expect(names.slice(1)).toEqual(["o/r/lm.gguf", "x.gguf", "o/r/y.gguf"]);
  });

  it("are left out where they cannot be used here", async () => {
    const place = ["user", ".lmstudio", "models", "owner", "repo"] as const;
    truncateSync(copyTo(...place, "cut.gguf"), 6_000_000);
    writeFileSync(join(folder, ...place, "text.gguf"), "no model");
    const plain = readFileSync(bundled).toString("latin1").replaceAll("<fim_", "<xyz_");
    writeFileSync(join(folder, ...place, "plain.gguf"), Buffer.from(plain, "latin1"));
    copyTo(...place, "mmproj-x.gguf");
    writeManifest(`sha256:${"cd".repeat(32)}`, "registry.ollama.ai", "library", "gone", "latest");
    writeManifest("sha256:../../../etc/passwd", "registry.ollama.ai", "library", "bad", "latest");
    expect(await list(asUser())).toHaveLength(1);
  });

  it("are found among links that lead in circles and folders that cannot be read", async () => {
    const models = join(folder, "user", ".lmstudio", "models");
    copyTo("user", ".lmstudio", "models", "owner", "repo", "lm.gguf");
    symlinkSync(models, join(models, "owner", "loop"));
    symlinkSync("self", join(models, "self"));
    symlinkSync("/no/such", join(models, "dangling.gguf"));
    expect(await list(asUser())).toHaveLength(2);
  });
});
