import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveModel } from "../../../server/models/modelPath.ts";
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
