import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkVsix } from "../../scripts/package/checkVsix.ts";
import { obtainBinding } from "../../scripts/package/obtainBinding.ts";
import { readVsix, type Vsix } from "../../scripts/package/readVsix.ts";
import { listProduct, stage } from "../../scripts/package/stage.ts";
import { targetOf, targets } from "../../scripts/package/targets.ts";
import { packageFor } from "../../scripts/package.ts";
import { ownProduct } from "../support/productCopy.ts";

/** Whether the package with the library of a platform is installed here; npm installs its own alone. */
const isHere = (name: string): boolean =>
  existsSync(join(ownProduct, "node_modules", "@node-llama-cpp", targetOf(name).binding));

describe("a package of the extension", { timeout: 120_000 }, () => {
  let product: string[];
  const folders: string[] = [];

  beforeAll(async () => {
    product = await listProduct();
  }, 120_000);
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each(targets.map(({ name }) => name).filter(isHere))(
    "for %s is laid out with what it needs, and with nothing else",
    async (name) => {
      const folder = mkdtempSync(join(tmpdir(), "starcoder-stage-"));
      folders.push(folder);
      const target = targetOf(name);
      stage(folder, product, [await obtainBinding(target.binding, false)]);
      const manifest = join(folder, "node_modules", "@node-llama-cpp", target.binding);
      expect(existsSync(join(manifest, "package.json"))).toBe(true);
      expect(existsSync(join(manifest, "README.md"))).toBe(false);
    },
  );

  it.skipIf(!isHere("linux-arm64"))(
    "for another platform than this one is right for it",
    async () => {
      const { file, remarks } = await packageFor({ target: "linux-arm64", lean: true, product });
      const vsix = readVsix(file);
      expect(checkVsix(vsix, targetOf("linux-arm64"))).toEqual([]);
      expect(remarks).toEqual([]);
      expect(statSync(file).size).toBeLessThan(40e6);
      // As it would be on any other: the wrong library, and a missing one.
      const wrong = checkVsix(vsix, targetOf("linux-x64"));
      expect(wrong).toContain("There are 0 libraries of linux-x64, not one.");
      expect(wrong.filter((text) => text.includes("is elf-arm64, not elf-x64"))).not.toEqual([]);
    },
  );

  it("that lacks a file or holds one too many is refused", () => {
    const target = targetOf("linux-x64");
    const file = (path: string) => ({ path, packedBytes: 1, bytes: 1 });
    const binding = "node_modules/@node-llama-cpp";
    const addon = `${binding}/linux-x64/bins/linux-x64/llama-addon.node`;
    const elf = readFileSync(process.execPath).subarray(0, 4096);
    const of = (...more: string[]): Vsix => ({
      files: [addon, ...more].map(file),
      libraries: new Map([[addon, elf]]),
    });
    const said = checkVsix(
      of("dist/cli.mjs.map", "server/cli/main.ts", `${binding}/linux-x64-cuda/package.json`),
      target,
    );
    expect(said).toContain("media/models/starcoder-tiny.gguf is missing.");
    expect(said).toContain("dist/cli.mjs.map is a source map.");
    expect(said).toContain("server/cli/main.ts is TypeScript.");
    expect(said).toContain("linux-x64-cuda belongs to another platform, or is fetched on demand.");
  });

  it("is not built for a platform whose library cannot be had as pinned", async () => {
    await expect(obtainBinding("win-x64", false)).rejects.toThrow(/no hash|404|ETARGET|E\w+/);
  });
});
