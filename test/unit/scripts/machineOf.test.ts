import { describe, expect, it } from "vitest";
import { machineOf } from "../../../scripts/package/machineOf.ts";
import { describeSizes, partsOf } from "../../../scripts/package/sizes.ts";

/** A file's beginning with these bytes at their places. */
function beginning(parts: Readonly<Record<number, readonly number[]>>, length = 256): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, values] of Object.entries(parts)) bytes.set(values, Number(at));
  return bytes;
}

const elf = [0x7f, 0x45, 0x4c, 0x46];
const macho = [0xcf, 0xfa, 0xed, 0xfe];
const pe = { 0: [0x4d, 0x5a], 0x3c: [0x80], 0x80: [0x50, 0x45, 0, 0] };

describe("the machine of a native library", () => {
  it.each([
    ["elf-x64", beginning({ 0: elf, 18: [0x3e, 0] })],
    ["elf-arm64", beginning({ 0: elf, 18: [0xb7, 0] })],
    ["elf-arm", beginning({ 0: elf, 18: [0x28, 0] })],
    ["macho-x64", beginning({ 0: macho, 4: [0x07, 0, 0, 0x01] })],
    ["macho-arm64", beginning({ 0: macho, 4: [0x0c, 0, 0, 0x01] })],
    ["pe-x64", beginning({ ...pe, 0x84: [0x64, 0x86] })],
    ["pe-arm64", beginning({ ...pe, 0x84: [0x64, 0xaa] })],
  ])("is read from its header: %s", (machine, bytes) => {
    expect(machineOf(bytes)).toBe(machine);
  });

  it.each([
    ["another processor", beginning({ 0: elf, 18: [0xf3, 0] })],
    ["a text", beginning({ 0: [0x23, 0x21] })],
    ["a few bytes", new Uint8Array(10)],
    ["a header beyond the end", beginning({ 0: [0x4d, 0x5a], 0x3c: [0xff, 0xff] })],
  ])("is not known of %s", (_what, bytes) => {
    expect(machineOf(bytes)).toBeUndefined();
  });
});

describe("the report of sizes", () => {
  it("sums up the parts, the largest first, and says what was not built", () => {
    const file = (path: string, packedBytes: number) => ({ path, packedBytes, bytes: 2e6 });
    const parts = partsOf([
      file("dist/cli.mjs", 1e6),
      file("node_modules/@node-llama-cpp/linux-x64/bins/a.so", 5e6),
      file("dist/host.mjs", 1e6),
      file("media/models/a.gguf", 3e6),
    ]);
    expect(parts.map(({ name, packedBytes }) => [name, packedBytes])).toEqual([
      ["linux-x64", 5e6],
      ["the bundled model", 3e6],
      ["dist", 2e6],
    ]);
    const report = describeSizes([
      { target: "linux-x64", vsixBytes: 10e6, parts, remark: "" },
      { target: "darwin-x64", parts: [], remark: "not built: no hash" },
    ]);
    expect(report).toContain("| linux-x64 | 10.0 | 8.0 | linux-x64 5.0, the bundled model 3.0");
    expect(report).toContain("| darwin-x64 | – | – |  | not built: no hash |");
  });
});
