import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyStep } from "../../../server/repair/verifyStep.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { ownProduct } from "../../support/productCopy.ts";

const models = join(ownProduct, "media", "models");
const name = "starcoder-tiny.gguf";

/** A home, and a folder of bundled models with their hashes. */
function set() {
  const folder = temporaryFolder();
  const [home, bundled] = [join(folder, "home"), join(folder, "bundled")];
  mkdirSync(join(home, "models"), { recursive: true });
  mkdirSync(bundled);
  copyFileSync(join(models, name), join(bundled, name));
  copyFileSync(join(models, "hashes.json"), join(bundled, "hashes.json"));
  const bundledModelPath = join(bundled, name);
  const verify = (modelPath = bundledModelPath, signal = new AbortController().signal) =>
    verifyStep({
      homePath: home,
      bundledModelPath,
      modelPath,
      note: () => undefined,
      signal,
    });
  return { home, bundledModelPath, verify };
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe("verifying the model files", () => {
  it("finds the bundled one as it was shipped", async () => {
    expect(await set().verify()).toMatch(/starcoder-tiny\.gguf \([\d.]+ MB\): its hash is right/);
  });

  it("says nothing bad of a file whose reading was cancelled", async () => {
    const { bundledModelPath, verify } = set();
    const abort = new AbortController();
    const verified = verify(bundledModelPath, abort.signal);
    abort.abort();
    expect(await verified).toEqual({ status: "skipped", message: "Cancelled." });
  });

  it("finds one changed bit in the bundled one", async () => {
    const { bundledModelPath, verify } = set();
    damage(bundledModelPath);
    expect(await verify()).toMatchObject({ status: "failed", code: "MODEL_DAMAGED" });
  });

  it("remembers others, and finds what changed in them later", async () => {
    const { home, bundledModelPath, verify } = set();
    const own = join(home, "models", "own.gguf");
    copyFileSync(bundledModelPath, own);
    expect(await verify()).toContain("own.gguf");
    damage(own);
    expect(await verify()).toMatchObject({ code: "MODEL_DAMAGED" });
  });

  it("names one that is cut off or is not there", async () => {
    const { home, bundledModelPath, verify } = set();
    const cut = join(home, "models", "cut.gguf");
    copyFileSync(bundledModelPath, cut);
    truncateSync(cut, 1000);
    expect(await verify()).toMatchObject({ status: "failed", code: "MODEL_INVALID" });
    truncateSync(cut, 0);
    expect(await set().verify(join(home, "none.gguf"))).toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});
