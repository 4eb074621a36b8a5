import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gpuRecordSchema } from "../../server/protocol/gpus.ts";
import { packsFolderOf, packsRoot } from "../../server/state/packsFolder.ts";
import { runCli, startCli, type CliEnd } from "../support/cliProcess.ts";
import {
  integrityOf,
  packFolder,
  startPackages,
  type Registry,
} from "../support/loopbackRegistry.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { bindingOf, copyProduct, ownProduct } from "../support/productCopy.ts";

const scope = "@node-llama-cpp";
const names = {
  vulkan: "linux-x64-vulkan",
  cuda: "linux-x64-cuda",
  cudaExt: "linux-x64-cuda-ext",
};
const hasPacks =
  process.platform === "linux" && process.arch === "x64" && existsSync(bindingOf(ownProduct));

/** As real ones are, but without a library, and with a note of who asked for it. */
const moduleText = `
import { appendFileSync, readFileSync } from "node:fs";
const mark = process.env.STARCODER_TEST_MARK;
if (mark) appendFileSync(mark, (process.argv[1] ?? "text") + " " + import.meta.url + "\\n");
const manifest = new URL("../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));
export const getBinsDir = () => ({ binsDir: new URL(".", import.meta.url).pathname, packageVersion: version });
`;

function writePackage(folder: string, name: string, version: string): void {
  mkdirSync(join(folder, "dist"), { recursive: true });
  const exports = { ".": "./dist/index.js" };
  const manifest = { name: `${scope}/${name}`, version, type: "module", exports };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "dist", "index.js"), moduleText);
}

describe.skipIf(!hasPacks)("libraries for GPUs", { timeout: 60_000 }, () => {
  let home: ProcessHome;
  let files: string;
  let product: string;
  let registry: Registry;
  let version: string;
  let mark: string;
  const tarballs: Record<string, Buffer> = {};

  beforeAll(async () => {
    files = mkdtempSync(join(tmpdir(), "starcoder-product-"));
    product = copyProduct(files);
    mark = join(files, "mark");
    const manifest = readFileSync(join(bindingOf(product), "package.json"), "utf8");
    ({ version } = JSON.parse(manifest) as { version: string });
    for (const name of Object.values(names)) {
      writePackage(join(files, name), name, version);
      tarballs[`${scope}/${name}`] = packFolder(join(files, name));
    }
    registry = await startPackages(version, tarballs);
  }, 60_000);
  afterAll(async () => {
    await registry.close();
    rmSync(files, { recursive: true, force: true });
  });
  beforeEach(() => {
    home = createProcessHome();
    registry.behave({});
    pin();
    rmSync(mark, { force: true });
  });
  afterEach(() => home.remove());

  function pin(bytes?: Buffer): void {
    const pins = Object.entries(tarballs).map(([name, tarball]) => {
      return [name, { version, integrity: integrityOf(bytes ?? tarball) }];
    });
    writeFileSync(join(product, "dist", "bindings.json"), JSON.stringify(Object.fromEntries(pins)));
  }

  const options = () => ({
    home: home.path,
    script: join(product, "dist", "cli.mjs"),
    env: {
      npm_config_registry: registry.url,
      npm_config_userconfig: join(files, "none"),
      STARCODER_TEST_MARK: mark,
    },
  });
  const gpu = (...args: string[]): Promise<CliEnd> => runCli(["gpu", ...args], options());
  const marks = () => (existsSync(mark) ? readFileSync(mark, "utf8") : "");
  const installed = (name: string, of = version) =>
    join(packsFolderOf(home.path, of), "node_modules", scope, name);

  /** What an installation leaves when it did not succeed: nothing. */
  function expectNothingLeft(): void {
    const left = readdirSync(packsRoot(home.path));
    expect(left.filter((name) => name.startsWith(".install"))).toEqual([]);
    expect(existsSync(installed(names.vulkan))).toBe(false);
  }

  it("are listed with where each is to be had, and that no GPU is used is said", async () => {
    const { code, stdout } = await gpu("--json");
    const { machine, packs } = gpuRecordSchema.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(packs.map(({ name, status }) => [name, status])).toEqual([
      ["linux-x64", "shipped"],
      [names.cuda, "available"],
      [names.vulkan, "available"],
    ]);
    if (machine.backend !== "cpu") return;
    const { stdout: text } = await gpu("status");
    expect(text).toContain("No GPU is used.");
  });

  it("are loaded in a process of their own, and one that finds no GPU is not kept", async () => {
    const { code, stderr } = await gpu("install", "vulkan", "--force");
    expect(stderr).toContain(`fetching ${scope}/${names.vulkan}@${version}`);
    expect(marks()).toMatch(/^text file:.*\.install-\d+\/packs\/.*linux-x64-vulkan/);
    expect(stderr).toMatch(/PACK_FAILED: .*linux-x64-vulkan cannot be used here: \S/);
    expect(code).toBe(3);
    expectNothingLeft();
  });

  it("come in pairs for CUDA", async () => {
    const before = registry.asked.length;
    await gpu("install", names.cuda, "--force");
    const asked = registry.asked.slice(before);
    expect(asked).toContain(`/${scope}/${names.cuda}.tgz`);
    expect(asked).toContain(`/${scope}/${names.cudaExt}.tgz`);
  });

  it.each([
    [
      "has another package than the pinned one",
      () => pin(Buffer.from("x")),
      /PACK_FAILED.*EINTEGR/,
    ],
    ["does not have it", () => registry.behave({ status: 404 }), /PACK_FAILED.*E404/],
    ["refuses", () => registry.behave({ status: 403 }), /PACK_FAILED.*E403/],
    [
      "ends in the middle",
      () =>
        registry.behave({
          deliver: Buffer.from(tarballs[`${scope}/${names.vulkan}`] ?? []).subarray(0, 400),
        }),
      /PACK_FAILED.*(EINTEGRITY|zlib|TAR_|Z_BUF)/,
    ],
    [
      "hash is not known to this version",
      () => writeFileSync(join(product, "dist", "bindings.json"), "{}"),
      /PACK_UNAVAILABLE.*hash/,
    ],
  ])("are not installed when the registry %s", async (_what, break_, reason) => {
    break_();
    const { code, stderr } = await gpu("install", "vulkan", "--force");
    expect(code).toBe(3);
    expect(stderr).toMatch(reason);
    expect(marks()).toBe("");
    expectNothingLeft();
  });

  it("are not fetched where the machine lacks what they need", async () => {
    const before = registry.asked.length;
    const { code, stderr } = await gpu("install", "cuda");
    expect(code).toBe(3);
    expect(stderr).toMatch(/PACK_FAILED|PACK_UNAVAILABLE/);
    expect(registry.asked).toHaveLength(before);
  });

  it("leave nothing when the user cancels, and what a kill left goes at the next look", async () => {
    registry.behave({ silent: true });
    const staged = () => {
      const root = packsRoot(home.path);
      return existsSync(root) ? readdirSync(root).filter((name) => /^\.install-\d/.test(name)) : [];
    };
    const begin = async () => {
      const run = startCli(["gpu", "install", "vulkan", "--force"], options());
      while (staged().length === 0) await delay(20);
      return run;
    };
    const cancelled = await begin();
    cancelled.child.kill("SIGINT");
    expect((await cancelled.ended).code).toBe(130);
    expectNothingLeft();

    const killed = await begin();
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(staged()).toHaveLength(1);
    mkdirSync(installed(names.vulkan, "1.0.0"), { recursive: true });
    await gpu();
    expectNothingLeft();
    // Another version of the product may use its own still.
    expect(existsSync(packsFolderOf(home.path, "1.0.0"))).toBe(true);
  });

  it("are found by the host, which falls back to the CPU and says why", async () => {
    writePackage(installed(names.vulkan), names.vulkan, version);
    const settings = { backend: "vulkan" };
    const { stdout } = await runCli(["rebuild", "--offline", "--json", "--facts", "-"], {
      ...options(),
      input: JSON.stringify({
        ...{ editor: { name: "Editor", version: "1" }, extensionVersion: "1", side: "local" },
        ...{ trusted: true, inlineSuggestEnabled: true, quickSuggestions: {} },
        ...{ completionExtensions: [], settings, server: { state: "running" } },
      }),
    });
    expect(marks()).toContain(join(dirname(options().script), "host.mjs"));
    expect(marks()).toContain(installed(names.vulkan));
    expect(stdout).toMatch(/Suggested .* on cpu/);
    const log = readdirSync(join(home.path, "logs"))
      .filter((name) => name.startsWith("host-"))
      .map((name) => readFileSync(join(home.path, "logs", name), "utf8"))
      .join("");
    expect(log).toContain("The vulkan library could not be loaded");
  });

  it("can be removed, and others cannot", async () => {
    writePackage(installed(names.vulkan), names.vulkan, version);
    const { stdout } = await gpu("remove", "vulkan", "--json");
    const { removed, packs } = gpuRecordSchema.parse(JSON.parse(stdout));
    expect(removed?.freedBytes).toBeGreaterThan(100);
    expect(packs.find(({ name }) => name === names.vulkan)?.status).toBe("available");
    for (const name of ["vulkan", "linux-x64", "../../models"]) {
      const { code, stderr } = await gpu("remove", name);
      expect([code, stderr.split(":")[0]]).toEqual([3, "PACK_UNAVAILABLE"]);
    }
  });
});
