import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGgufFile } from "../../../server/models/ggufFile.ts";
import { bundledModelPath } from "../../support/bundledModel.ts";

describe("what stands before the weights", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "starcoder-gguf-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(content: Uint8Array): string {
    const path = join(folder, "a.gguf");
    writeFileSync(path, content);
    return path;
  }

  it("tells of the bundled model to the byte where its weights end", async () => {
    const model = await readGgufFile(bundledModelPath);
    expect(model).toMatchObject({
      architecture: "starcoder2",
      quantization: "Q8_0",
      trainContextSize: 1024,
      vocabularySize: 8192,
      endOfWeights: model.sizeBytes,
    });
    expect(model.parameters).toBeGreaterThan(7_000_000);
    expect(model.specialTokens).toEqual(
      expect.arrayContaining(["<fim_prefix>", "<fim_suffix>", "<fim_middle>"]),
    );
  });

  it("shows that a file is truncated", async () => {
    const whole = readFileSync(bundledModelPath);
    const model = await readGgufFile(file(whole.subarray(0, whole.length - 1)));
    expect(model.endOfWeights).toBe(model.sizeBytes + 1);
  });

  it.each([24, 100, 5_000, 100_000])("is invalid when it ends after %i bytes", async (length) => {
    const path = file(readFileSync(bundledModelPath).subarray(0, length));
    await expect(readGgufFile(path)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it("is invalid with a value of an unknown type, and with counts beyond all bounds", async () => {
    const head = Buffer.alloc(64);
    head.write("GGUF");
    head.writeUInt32LE(3, 4);
    head.writeBigUInt64LE(1n, 8);
    head.writeBigUInt64LE(1n, 16);
    head.writeBigUInt64LE(1n, 24);
    head.write("k", 32);
    head.writeUInt32LE(99, 33);
    await expect(readGgufFile(file(head))).rejects.toMatchObject({ code: "MODEL_INVALID" });
    head.fill(0xff, 16, 24);
    head.fill(0xff, 24, 32);
    await expect(readGgufFile(file(head))).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it.each([
    ["empty", "is empty"],
    ["garbage", "is not a GGUF file"],
  ])("is invalid when it is %s, and says so", async (what, message) => {
    const content = what === "empty" ? "" : "not a model at all, but long enough";
    await expect(readGgufFile(file(Buffer.from(content)))).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: expect.stringContaining(message) as string,
    });
  });

  it("that is missing is named so, and a folder is no model", async () => {
    await expect(readGgufFile(join(folder, "no"))).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
    });
    await expect(readGgufFile(folder)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it.skipIf(process.platform === "win32")("is not waited for where it is a pipe", async () => {
    const pipe = join(folder, "pipe.gguf");
    execFileSync("mkfifo", [pipe]);
    await expect(readGgufFile(pipe)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });
});
