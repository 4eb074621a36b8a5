import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGgufHeader } from "../../../server/models/ggufHeader.ts";
import { listModels } from "../../../server/models/listModels.ts";
import { resolveModel } from "../../../server/models/modelPath.ts";
import { modelListSchema } from "../../../server/protocol/records.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";

const bundled = fileURLToPath(
  new URL("../../../media/models/starcoder-tiny.gguf", import.meta.url),
);

describe("the configured model path", () => {
  it.each([
    ["", bundled, true],
    ["  ", bundled, true],
    [bundled, bundled, true],
    ["/models/a.gguf", "/models/a.gguf", false],
    ["/models/../models/a.gguf", "/models/a.gguf", false],
    ["~/a.gguf", "/home/me/a.gguf", false],
    ["/models/~/a.gguf", "/models/~/a.gguf", false],
  ])("%j means %s", (configured, path, starter) => {
    expect(resolveModel(configured, bundled, "/home/me")).toEqual({ path, starter });
  });

  it.each(["a.gguf", "./a.gguf", "~me/a.gguf", "../a.gguf"])("%j is refused", (configured) => {
    const error = codedErrorOf(() => resolveModel(configured, bundled, "/home/me"));
    expect(error.code).toBe("VALIDATION_ERROR");
    expect(error.message).toContain("starcoder.model.path");
  });
});

describe("a model file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-models-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function file(content: Buffer | string): string {
    const path = join(folder, "a.gguf");
    writeFileSync(path, content);
    return path;
  }

  it("tells its architecture and name, as the bundled one does", async () => {
    const header = await readGgufHeader(bundled);
    expect(header).toMatchObject({ architecture: "starcoder2", name: "StarCoder Tiny" });
    expect(header.tensors).toBeGreaterThan(10);
  });

  it.each([
    ["empty", ""],
    ["garbage", "not a model at all, but long enough"],
    ["cut within its header", "GGUF\u0003\0\0\0"],
  ])("that is %s is invalid", async (_, content) => {
    await expect(readGgufHeader(file(content))).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it("whose header lies about its lengths is read as far as it goes", async () => {
    const content = Buffer.alloc(64, 0xff);
    content.write("GGUF");
    content.writeBigUInt64LE(3n, 8);
    content.writeBigUInt64LE(5n, 16);
    await expect(readGgufHeader(file(content))).resolves.toMatchObject({ tensors: 3 });
  });

  it("that is missing is named so, and a folder is no model", async () => {
    await expect(readGgufHeader(join(folder, "no"))).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
    });
    await expect(readGgufHeader(folder)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });
});

describe("the list of models", () => {
  it("is the bundled one alone, active, when none is configured", async () => {
    const list = modelListSchema.parse(await listModels("", bundled));
    expect(list.models).toMatchObject([{ source: "bundled", active: true, starter: true }]);
  });

  it.each([
    ["/no/such.gguf", "MODEL_NOT_FOUND"],
    ["relative.gguf", "VALIDATION_ERROR"],
  ])("says why the configured %s cannot be used", async (configured, code) => {
    const list = modelListSchema.parse(await listModels(configured, bundled));
    expect(list.models).toMatchObject([
      { source: "configured", active: true, error: { code } },
      { source: "bundled", active: false },
    ]);
  });
});
