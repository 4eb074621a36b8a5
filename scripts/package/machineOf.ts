import type { Machine } from "./targets.ts";

const elf: Readonly<Record<number, Machine>> = {
  0x3e: "elf-x64",
  0xb7: "elf-arm64",
  0x28: "elf-arm",
};
const macho: Readonly<Record<number, Machine>> = {
  0x01000007: "macho-x64",
  0x0100000c: "macho-arm64",
};
const pe: Readonly<Record<number, Machine>> = { 0x8664: "pe-x64", 0xaa64: "pe-arm64" };

/** Format and processor of a native library, from its first kilobyte; undefined where it is none. */
export function machineOf(bytes: Uint8Array): Machine | undefined {
  if (bytes.length < 64) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x7f454c46) return elf[view.getUint16(18, true)];
  if (view.getUint32(0, true) === 0xfeedfacf) return macho[view.getUint32(4, true)];
  if (view.getUint16(0) !== 0x4d5a) return undefined;
  const header = view.getUint32(0x3c, true);
  if (header + 6 > bytes.length || view.getUint32(header) !== 0x50450000) return undefined;
  return pe[view.getUint16(header + 4, true)];
}
