import { describe, expect, it } from "vitest";
import { apiExample, apiRows } from "../../../extension/apiRows.ts";

const record = {
  serving: false,
  address: "http://127.0.0.1:3745",
  keyFile: "/home/o'neil/api.key",
  key: "secret",
};

describe("the rows about the API", () => {
  it("offer to turn it on, saying where it would be served, or off", () => {
    expect(apiRows(record, false)[0]).toMatchObject({
      label: "$(plug) Turn On",
      detail: "Serves at http://127.0.0.1:3745, on this machine only; each request needs a key.",
    });
    expect(apiRows({ ...record, serving: true }, true)[0]?.label).toBe("$(circle-slash) Turn Off");
  });

  it("give an example that names the key's file for the shell, and not the key", () => {
    expect(apiExample(record)).toContain("$(cat '/home/o'\\''neil/api.key')");
    expect(apiExample(record)).not.toContain("secret");
  });
});
