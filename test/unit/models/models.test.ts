import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listModels } from "../../../server/models/store/listModels.ts";
import { resolveModel } from "../../../server/models/modelPath.ts";
import { modelListSchema } from "../../../server/protocol/models.ts";
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
