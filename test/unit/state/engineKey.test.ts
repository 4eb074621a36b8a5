import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineKey } from "../../../server/state/engineKey.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { fakeConfig, temporaryFolder } from "../../support/localEngine.ts";

describe("the engine key", () => {
  it("is the same for the same file by another path, whatever the threads", () => {
    const folder = temporaryFolder();
    const config = fakeConfig(folder);
    const link = join(folder, "link.gguf");
    symlinkSync(config.modelPath, link);
    expect(engineKey({ ...config, modelPath: link })).toBe(engineKey(config));
    const sameButThreads = { ...config, threads: 3 };
    expect(engineKey(sameButThreads)).toBe(engineKey(config));
  });

  it("differs by backend, context size, KV type and GPU layers", () => {
    const config = fakeConfig(temporaryFolder());
    const keys = [
      engineKey(config),
      engineKey({ ...config, backend: "vulkan" }),
      engineKey({ ...config, contextSize: 512 }),
      engineKey({ ...config, kvType: "q8_0" }),
      engineKey({ ...config, gpuLayers: -1 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("changes when the file is replaced by one of the same size", () => {
    const config = fakeConfig(temporaryFolder());
    const before = engineKey(config);
    writeFileSync(`${config.modelPath}.new`, "Weights");
    renameSync(`${config.modelPath}.new`, config.modelPath);
    expect(engineKey(config)).not.toBe(before);
  });

  it("is refused for a file that is not there, and for a folder", () => {
    const folder = temporaryFolder();
    const config = fakeConfig(folder);
    const missing = { ...config, modelPath: join(folder, "missing.gguf") };
    mkdirSync(join(folder, "folder.gguf"));
    const directory = { ...config, modelPath: join(folder, "folder.gguf") };
    expect(codedErrorOf(() => engineKey(missing)).code).toBe("MODEL_NOT_FOUND");
    expect(codedErrorOf(() => engineKey(directory)).code).toBe("MODEL_INVALID");
  });
});
