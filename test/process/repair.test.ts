import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { repairRecordSchema, type RepairStep } from "../../server/protocol/repair.ts";
import { runCli } from "../support/cliProcess.ts";
import { contentOf } from "../support/homeContent.ts";
import {
  integrityOf,
  packFolder,
  startRegistry,
  type Registry,
} from "../support/loopbackRegistry.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { bindingName, bindingOf, copyProduct, ownProduct } from "../support/productCopy.ts";

const packageName = `@node-llama-cpp/${bindingName}`;
const hasBinding = existsSync(bindingOf(ownProduct)) && process.platform !== "win32";

describe.skipIf(!hasBinding)("rebuilding a product", { timeout: 120_000 }, () => {
  let home: ProcessHome;
  let files: string;
  let product: string;
  let registry: Registry;
  let tarball: Buffer;
  let version: string;

  beforeAll(async () => {
    home = createProcessHome();
    files = mkdtempSync(join(tmpdir(), "starcoder-product-"));
    product = copyProduct(files);
    ({ version } = JSON.parse(readFileSync(join(bindingOf(product), "package.json"), "utf8")) as {
      version: string;
    });
    tarball = packFolder(bindingOf(product));
    registry = await startRegistry(packageName, version, tarball);
  }, 120_000);
  afterAll(async () => {
    await registry.close();
    home.remove();
    rmSync(files, { recursive: true, force: true });
  });
  beforeEach(() => {
    registry.behave({});
    pin(integrityOf(tarball));
  });

  function pin(integrity: string | undefined): void {
    const bindings = { [packageName]: { version, integrity } };
    writeFileSync(join(product, "dist", "bindings.json"), JSON.stringify(bindings));
  }

  async function rebuild(...args: string[]) {
    const script = join(product, "dist", "cli.mjs");
    const startedAt = performance.now();
    const { code, stdout, stderr } = await runCli(["rebuild", "--json", ...args], {
      home: home.path,
      script,
      env: { npm_config_registry: registry.url, npm_config_userconfig: join(files, "none") },
    });
    const record = repairRecordSchema.parse(JSON.parse(stdout));
    const step = (name: string): RepairStep | undefined =>
      record.steps.find((each) => each.name === name);
    return { code, stderr, record, step, tookMs: performance.now() - startedAt };
  }

  it("installs the native library from the user's registry, and a suggestion shows that it works", async () => {
    const stray = join(bindingOf(product), "stray.txt");
    writeFileSync(stray, "left from before");
    const { code, stderr, record, step } = await rebuild();
    expect(record.steps.map(({ status }) => status)).toEqual(Array(6).fill("ok"));
    expect(code).toBe(0);
    expect(registry.asked).toContain(`/${packageName}`);
    expect(existsSync(stray)).toBe(false);
    expect(step("completion")?.message).toMatch(/Suggested .* on cpu/);
    expect(stderr).toContain("Install the native library anew …");
  });

  it.each([
    [
      "delivers a damaged package",
      () => registry.behave({ deliver: tarball.subarray(0, tarball.length - 5000) }),
      /EINTEGRITY|Z_BUF_ERROR|zlib|TAR_/,
    ],
    [
      "delivers another package than the one the product was built with",
      () => pin(integrityOf(Buffer.from("another"))),
      /EINTEGRITY/,
    ],
    ["does not have it", () => registry.behave({ status: 404 }), /E404/],
    ["refuses the key", () => registry.behave({ status: 401 }), /E401/],
  ])("keeps what is installed when the registry %s", async (_what, break_, reason) => {
    break_();
    const before = contentOf(bindingOf(product));
    const { code, stderr, step } = await rebuild();
    expect(step("binding")).toMatchObject({ status: "failed", code: "REBUILD_FAILED" });
    expect(step("binding")?.message).toMatch(reason);
    expect(code).toBe(3);
    expect(stderr).toContain("REBUILD_FAILED");
    expect(step("completion")?.status).toBe("ok");
    expect(contentOf(bindingOf(product))).toEqual(before);
  });

  it("puts the old library back when the new one does not load", async () => {
    const broken = join(files, "broken");
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, "package.json"), JSON.stringify({ name: packageName, version }));
    const deliver = packFolder(broken);
    registry.behave({ deliver, noIntegrity: true });
    pin(undefined);
    const before = contentOf(bindingOf(product));
    const { step } = await rebuild();
    expect(step("binding")).toMatchObject({ status: "failed", code: "REBUILD_FAILED" });
    expect(step("binding")?.message).toContain("put back");
    expect(contentOf(bindingOf(product))).toEqual(before);
    expect(step("completion")?.status).toBe("ok");
  });

  it("gives up in time when the registry hangs", async () => {
    registry.behave({ silent: true });
    const { step, tookMs } = await rebuild("--limit", "2");
    expect(step("binding")).toMatchObject({ status: "failed", code: "REBUILD_FAILED" });
    expect(step("binding")?.durationMs).toBeLessThan(10_000);
    expect(tookMs).toBeLessThan(60_000);
    expect(step("completion")?.status).toBe("ok");
  });

  it("says that it installed nothing with --offline", async () => {
    const asked = registry.asked.length;
    const { code, step } = await rebuild("--offline");
    expect(step("binding")).toMatchObject({ status: "skipped" });
    expect(step("binding")?.message).toContain("--offline");
    expect(registry.asked).toHaveLength(asked);
    expect(code).toBe(0);
  });

  it("repairs a library that is missing", async () => {
    rmSync(bindingOf(product), { recursive: true });
    const { code, step } = await rebuild();
    expect(step("binding")?.status).toBe("ok");
    expect(code).toBe(0);
  });
});
