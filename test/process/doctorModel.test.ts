import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../server/protocol/errors.ts";
import { factsWith, runDoctorProcess, type DoctorRun } from "../support/doctorRun.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundled = join(root, "media", "models", "starcoder-tiny.gguf");

describe("the doctor on a broken model", { timeout: 180_000 }, () => {
  let home: ProcessHome;
  let folder: string;
  beforeAll(() => {
    home = createProcessHome();
    folder = mkdtempSync(join(tmpdir(), "starcoder-models-"));
  });
  afterAll(() => {
    home.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, content: Uint8Array | string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  let bundledRun: Promise<DoctorRun> | undefined;
  /** With no model configured; the same whatever was configured before. */
  const withBundled = () =>
    (bundledRun ??= runDoctorProcess({ home: home.path, facts: factsWith() }));

  it("finds nothing wrong with the bundled one, and says what it is", async () => {
    const { of } = await withBundled();
    expect(of("model")).toMatchObject({ status: "ok" });
    expect(of("model").message).toMatch(/starcoder2.*Q8_0.*8\.4 MB.*1024 tokens/);
    expect(of("memory").message).toMatch(/needed \(weights 8\.4 MB/);
    expect(of("completion")).toMatchObject({ status: "ok" });
    expect(of("completion").message).toMatch(/\d+ ms.*tokens\/s/);
  });

  const faults: [string, () => string, ErrorCode][] = [
    ["is missing", () => join(folder, "no.gguf"), "MODEL_NOT_FOUND"],
    ["is empty", () => write("empty.gguf", ""), "MODEL_INVALID"],
    ["is garbage", () => write("garbage.gguf", "garbage ".repeat(1000)), "MODEL_INVALID"],
    ["is all zeros", () => write("zeros.gguf", Buffer.alloc(100_000)), "MODEL_INVALID"],
    [
      "is a folder",
      () => {
        mkdirSync(join(folder, "folder.gguf"), { recursive: true });
        return join(folder, "folder.gguf");
      },
      "MODEL_INVALID",
    ],
    [
      "is truncated within its weights",
      () => {
        const path = write("half.gguf", readFileSync(bundled));
        truncateSync(path, 6_000_000);
        return path;
      },
      "MODEL_INVALID",
    ],
    [
      "is truncated within its vocabulary",
      () => write("start.gguf", readFileSync(bundled).subarray(0, 40_000)),
      "MODEL_INVALID",
    ],
    [
      "has no tokens to fill in the middle",
      () => {
        const text = readFileSync(bundled).toString("latin1").replaceAll("<fim_", "<xyz_");
        return write("plain.gguf", Buffer.from(text, "latin1"));
      },
      "MODEL_NOT_FIM",
    ],
  ];

  it.each(faults)("names one that %s", async (_, make, code) => {
    const facts = factsWith({ "model.path": make() });
    const { code: exit, of } = await runDoctorProcess({ home: home.path, facts });
    expect(exit).toBe(1);
    expect(of("model")).toMatchObject({ status: "failed", code });
    expect(of("completion")).toMatchObject({ status: "failed", code });
    const actions = of("model").fixes.map(({ action }) => action);
    expect(actions).toContain("useBundledModel");
    // What the button does: it clears starcoder.model.path.
    const repaired = await withBundled();
    expect(repaired.of("model").status).toBe("ok");
    expect(repaired.of("completion").status).toBe("ok");
  });

  it("finds a byte that changed, with --full, until the file is fetched again", async () => {
    const path = join(folder, "copy.gguf");
    copyFileSync(bundled, path);
    const options = {
      home: home.path,
      args: ["--full"],
      facts: factsWith({ "model.path": path }),
    };
    const first = await runDoctorProcess(options);
    expect(first.of("modelHash").message).toContain("remembered");
    expect(first.of("review").status).toBe("ok");
    expect(first.of("review").message).toMatch(/7 lines reviewed.*\d+ ms/);
    const file = openSync(path, "r+");
    writeSync(file, Buffer.from([0x5a]), 0, 1, 7_000_001);
    closeSync(file);
    const damaged = await runDoctorProcess(options);
    expect(damaged.code).toBe(1);
    expect(damaged.of("modelHash")).toMatchObject({ status: "failed", code: "MODEL_DAMAGED" });
    copyFileSync(bundled, path);
    expect((await runDoctorProcess(options)).of("modelHash").status).toBe("ok");
  });

  it("knows the bundled one by the hash it was shipped with", async () => {
    const { of } = await runDoctorProcess({ home: home.path, args: ["--full"] });
    expect(of("modelHash")).toMatchObject({ status: "ok" });
    expect(of("modelHash").message).toContain("as shipped");
  });

  it("names a native library that is not there, until it is installed", async () => {
    const product = join(folder, "product");
    mkdirSync(product);
    copyFileSync(join(root, "package.json"), join(product, "package.json"));
    for (const part of ["dist", "media", "prompts"]) {
      cpSync(join(root, part), join(product, part), { recursive: true });
    }
    const own = createProcessHome();
    try {
      const options = { home: own.path, script: join(product, "dist", "cli.mjs") };
      const { code, of } = await runDoctorProcess(options);
      expect(code).toBe(1);
      expect(of("binding")).toMatchObject({ status: "failed", code: "BINDING_MISSING" });
      expect(of("completion")).toMatchObject({ status: "failed", code: "BINDING_MISSING" });
      expect(of("binding").fixes).toContainEqual({
        action: "rebuild",
        label: "Rebuild",
        cli: "starcoder rebuild",
      });
      symlinkSync(join(root, "node_modules"), join(product, "node_modules"), "dir");
      const repaired = await runDoctorProcess(options);
      expect(repaired.of("binding").status).toBe("ok");
      expect(repaired.of("completion").status).toBe("ok");
    } finally {
      own.remove();
    }
  });
});
