import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BindingProbe } from "../../../server/health/probeBinding.ts";
import { cleanPacks, removeOtherVersions } from "../../../server/packs/cleanPacks.ts";
import {
  installPack,
  type InstallPackOptions,
  type PackTrial,
} from "../../../server/packs/installPack.ts";
import { listPacks } from "../../../server/packs/listPacks.ts";
import { packsFolderOf, packsRoot } from "../../../server/state/packsFolder.ts";
import { contentOf } from "../../support/homeContent.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const version = "3.0.0";
const platform = { platform: "linux", arch: "x64" } as const;
const names = ["linux-x64", "linux-x64-vulkan", "linux-x64-cuda", "linux-x64-cuda-ext", "win-x64"];

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function places(pinned = true) {
  const productRoot = temporaryFolder();
  const all = names.map((name) => `@node-llama-cpp/${name}`);
  write(
    join(productRoot, "node_modules", "node-llama-cpp", "package.json"),
    JSON.stringify({
      version,
      optionalDependencies: Object.fromEntries(all.map((name) => [name, version])),
    }),
  );
  const pins = all.map((name) => [name, { version, ...(pinned ? { integrity: "sha512-x" } : {}) }]);
  write(join(productRoot, "dist", "bindings.json"), JSON.stringify(Object.fromEntries(pins)));
  return { homePath: temporaryFolder(), productRoot };
}

function works(backend: "vulkan" | "cuda"): BindingProbe {
  const memory = { totalBytes: 8e9, usedBytes: 1e9, version: "b1" };
  return { kind: "works", backend, devices: ["Some GPU"], ...memory };
}

const trial: PackTrial = { backend: "vulkan", text: "x", loadMs: 10, completionMs: 20 };

type Changes = Partial<InstallPackOptions>;

function install(at: ReturnType<typeof places>, more: Changes = {}) {
  return installPack({
    ...at,
    platform,
    name: "vulkan",
    note: () => undefined,
    signal: new AbortController().signal,
    fetch({ packages }) {
      for (const { folder } of packages) write(join(folder, "package.json"), "new");
      return Promise.resolve();
    },
    probe: (backend) => Promise.resolve(works(backend === "cuda" ? "cuda" : "vulkan")),
    trySuggestion: (_home, backend) =>
      Promise.resolve({ ...trial, backend: backend === "cuda" ? "cuda" : "vulkan" }),
    obstacle: () => undefined,
    freeBytes: () => Promise.resolve(1e12),
    ...more,
  });
}

const placeOf = ({ homePath }: { readonly homePath: string }, name: string) =>
  join(packsFolderOf(homePath, version), "node_modules", "@node-llama-cpp", name);

describe("installing a library for the GPU", () => {
  it("puts it in its place once it has answered, and leaves nothing beside it", async () => {
    const at = places();
    const result = await install(at);
    expect(result).toMatchObject({ backend: "vulkan", already: false, devices: ["Some GPU"] });
    expect(readFileSync(join(placeOf(at, "linux-x64-vulkan"), "package.json"), "utf8")).toBe("new");
    expect(Object.keys(contentOf(packsRoot(at.homePath)))).not.toContainEqual(
      expect.stringContaining(".install"),
    );
    expect(listPacks({ ...at, platform }).map(({ status }) => status)).toEqual([
      "available",
      "installed",
      "available",
    ]);
  });

  it("is tried before it is in its place, in the home in which it will be answering", async () => {
    const at = places();
    const seen: string[] = [];
    await install(at, {
      trySuggestion(home) {
        const there = (folder: string) =>
          existsSync(placeOf({ homePath: folder }, "linux-x64-vulkan"));
        seen.push(`staged ${there(home)}, in place ${there(at.homePath)}`);
        return Promise.resolve(trial);
      },
    });
    expect(seen).toEqual(["staged true, in place false"]);
  });

  it("brings CUDA's second package along, pinned like the first", async () => {
    const at = places();
    const wanted: (string | undefined)[] = [];
    await install(at, {
      name: "linux-x64-cuda",
      fetch({ packages }) {
        for (const { folder, integrity } of packages) {
          wanted.push(integrity);
          write(join(folder, "package.json"), "new");
        }
        return Promise.resolve();
      },
    });
    expect(wanted).toEqual(["sha512-x", "sha512-x"]);
    expect(existsSync(placeOf(at, "linux-x64-cuda-ext"))).toBe(true);
  });

  it.each<[string, string, Changes]>([
    ["is not fetched", "INTERNAL_ERROR", { fetch: () => Promise.reject(new Error("no network")) }],
    [
      "does not load",
      "PACK_FAILED",
      { probe: () => Promise.resolve({ kind: "missing", reason: "wrong ELF class" }) },
    ],
    [
      "loads and finds no GPU",
      "PACK_FAILED",
      { probe: () => Promise.resolve({ ...works("vulkan"), devices: [] } as BindingProbe) },
    ],
    ["does not answer", "PACK_FAILED", { trySuggestion: () => Promise.reject(new Error("died")) }],
    [
      "has the CPU answer",
      "PACK_FAILED",
      { trySuggestion: () => Promise.resolve({ ...trial, backend: "cpu" }) },
    ],
    ["has no room", "DISK_FULL", { freeBytes: () => Promise.resolve(1e6) }],
    ["could not be used", "PACK_FAILED", { obstacle: () => "there is no driver" }],
    ["is unknown", "PACK_UNAVAILABLE", { name: "linux-x64-metal" }],
    ["is another platform's", "PACK_UNAVAILABLE", { name: "win-x64-vulkan" }],
    ["climbs out of its folder", "PACK_UNAVAILABLE", { name: "../../x" }],
  ])("leaves nothing of one that %s", async (_what, code, broken) => {
    const at = places();
    const failed = await install(at, broken).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject(code === "INTERNAL_ERROR" ? { message: "no network" } : { code });
    expect(existsSync(packsFolderOf(at.homePath, version))).toBe(false);
    const root = packsRoot(at.homePath);
    if (existsSync(root)) expect(Object.keys(contentOf(root))).toEqual(["/"]);
  });

  it("is refused where the hash is not known", async () => {
    const failed = install(places(false));
    await expect(failed).rejects.toMatchObject({ code: "PACK_UNAVAILABLE" });
  });

  it("tries again one that is there, and fetches nothing", async () => {
    const at = places();
    await install(at);
    const fetch = () => Promise.reject(new Error("must not be fetched"));
    expect(await install(at, { fetch })).toMatchObject({ already: true });
    expect(existsSync(placeOf(at, "linux-x64-vulkan"))).toBe(true);
    const broken = install(at, { fetch, trySuggestion: () => Promise.reject(new Error("died")) });
    await expect(broken).rejects.toMatchObject({ code: "PACK_FAILED" });
    expect(existsSync(placeOf(at, "linux-x64-vulkan"))).toBe(true);
  });
});

describe("what is cleaned up", () => {
  it("is what killed installations left; packages of other versions when this one has its own", () => {
    const at = places();
    const root = packsRoot(at.homePath);
    write(join(root, "2.9.0", "node_modules", "x"), "old");
    write(join(root, version, "node_modules", "@node-llama-cpp", "linux-x64-vulkan", "a"), "own");
    write(join(root, ".install-999999999", "before", "linux-x64-cuda", "a"), "moved away");
    write(join(root, `.install-${process.ppid}`, "packs", "a"), "at work");
    cleanPacks(at.homePath, version);
    expect(existsSync(join(root, "2.9.0"))).toBe(true);
    removeOtherVersions(at.homePath, version);
    expect(existsSync(join(root, "2.9.0"))).toBe(false);
    expect(existsSync(join(root, ".install-999999999"))).toBe(false);
    expect(existsSync(join(root, `.install-${process.ppid}`))).toBe(true);
    expect(readFileSync(join(placeOf(at, "linux-x64-cuda"), "a"), "utf8")).toBe("moved away");
    expect(readFileSync(join(placeOf(at, "linux-x64-vulkan"), "a"), "utf8")).toBe("own");
  });
});
