import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BindingProbe } from "../../../server/health/probeBinding.ts";
import { bindingPackages } from "../../../server/repair/bindingPackages.ts";
import {
  installBinding,
  type InstallBindingOptions,
} from "../../../server/repair/installBinding.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { contentOf } from "../../support/homeContent.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { bindingName, bindingOf } from "../../support/productCopy.ts";

const works: BindingProbe = {
  kind: "works",
  backend: "cpu",
  devices: [],
  totalBytes: 0,
  usedBytes: 0,
  version: "b1",
};

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A product whose native library is a text file; `more` are further packages of the platform. */
function product(more: readonly string[] = []): string {
  const root = temporaryFolder();
  const names = [bindingName, ...more, "linux-riscv64", "win-x64-cuda", `${bindingName}-vulkan`];
  const optionalDependencies = Object.fromEntries(
    names.map((name) => [`@node-llama-cpp/${name}`, "3.0.0"]),
  );
  write(
    join(root, "node_modules", "node-llama-cpp", "package.json"),
    JSON.stringify({ version: "3.0.0", optionalDependencies }),
  );
  write(join(bindingOf(root), "library"), "old");
  return root;
}

const library = (root: string) => readFileSync(join(bindingOf(root), "library"), "utf8");

function install(root: string, more: Partial<InstallBindingOptions> = {}): Promise<string> {
  return installBinding({
    productRoot: root,
    note: () => undefined,
    fetch({ packages }) {
      for (const { folder } of packages) write(join(folder, "library"), "new");
      return Promise.resolve();
    },
    probe: () => Promise.resolve(works),
    whileIdle: (act) => act(),
    ...more,
  });
}

describe("installing the native library anew", () => {
  it("puts the new one in the place of the old, and leaves nothing beside it", async () => {
    const root = product();
    expect(await install(root)).toContain("in use: cpu");
    expect(library(root)).toBe("new");
    expect(Object.keys(contentOf(dirname(bindingOf(root))))).toEqual([
      "/",
      `${bindingName}/`,
      join(bindingName, "library"),
    ]);
  });

  it("installs it where there was none", async () => {
    const root = product();
    rmSync(dirname(bindingOf(root)), { recursive: true });
    await install(root);
    expect(library(root)).toBe("new");
  });

  it.each<[string, Partial<InstallBindingOptions>]>([
    ["cannot be fetched", { fetch: () => Promise.reject(new Error("no network")) }],
    [
      "does not load",
      { probe: () => Promise.resolve({ kind: "missing", reason: "wrong ELF class" }) },
    ],
    ["cannot be tried", { probe: () => Promise.reject(new Error("killed")) }],
    ["is not what was promised", { fetch: () => Promise.resolve() }],
    [
      "would be swapped under a running host",
      { whileIdle: () => Promise.reject(new Error("busy")) },
    ],
  ])("keeps the old one when the new one %s", async (_what, broken) => {
    const root = product();
    const before = contentOf(root);
    await expect(install(root, broken)).rejects.toThrow();
    expect(contentOf(root)).toEqual(before);
  });

  it("is tried while it lies in its place", async () => {
    const root = product();
    const seen: string[] = [];
    await install(root, {
      probe() {
        seen.push(library(root));
        return Promise.resolve(works);
      },
    });
    expect(seen).toEqual(["new"]);
  });

  it("puts back what a killed rebuild had moved away", async () => {
    const root = product();
    const left = join(dirname(bindingOf(root)), ".rebuild-999999999");
    mkdirSync(join(left, "old"), { recursive: true });
    renameSync(bindingOf(root), join(left, "old", bindingName));
    const failing = install(root, { fetch: () => Promise.reject(new Error("no network")) });
    await expect(failing).rejects.toThrow();
    expect(library(root)).toBe("old");
    expect(existsSync(left)).toBe(false);
  });

  it("says REBUILD_FAILED where the product's folder cannot be written", async () => {
    const root = product();
    rmSync(dirname(bindingOf(root)), { recursive: true });
    writeFileSync(dirname(bindingOf(root)), "no folder");
    await expect(install(root)).rejects.toMatchObject({ code: "REBUILD_FAILED" });
  });

  it("wants the package of the platform, and those for GPUs that are installed", () => {
    const root = product();
    const names = () => bindingPackages(root).map(({ spec }) => spec);
    expect(names()).toEqual([`@node-llama-cpp/${bindingName}@3.0.0`]);
    write(join(`${bindingOf(root)}-vulkan`, "library"), "old");
    expect(names()).toContain(`@node-llama-cpp/${bindingName}-vulkan@3.0.0`);
  });

  it("takes the pinned hash only for the version that it belongs to", () => {
    const root = product();
    const pin = (version: string) => {
      const bindings = { [`@node-llama-cpp/${bindingName}`]: { version, integrity: "sha512-x" } };
      write(join(root, "dist", "bindings.json"), JSON.stringify(bindings));
      return bindingPackages(root)[0]?.integrity;
    };
    expect(pin("3.0.0")).toBe("sha512-x");
    expect(pin("2.0.0")).toBeUndefined();
  });

  it("is not possible on a platform without a library, nor without node-llama-cpp", () => {
    const root = product();
    expect(codedErrorOf(() => bindingPackages(root, "aix", "ppc64")).code).toBe(
      "PLATFORM_UNSUPPORTED",
    );
    const empty = temporaryFolder();
    expect(codedErrorOf(() => bindingPackages(empty)).code).toBe("REBUILD_FAILED");
  });
});
