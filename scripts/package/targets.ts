/** What the VSIX of one platform is made of. */
export interface Target {
  /** VS Code's name of the platform. */
  readonly name: string;
  /** The package with node-llama-cpp's library for it; on Macs with Apple processors it is Metal's. */
  readonly binding: string;
  /** Libraries for GPUs that are put in where they are small enough. */
  readonly carried: readonly string[];
  /** Format and processor that every library of it must have. */
  readonly machine: Machine;
}

/** Format and processor of a native library. */
export type Machine = `${"elf" | "macho" | "pe"}-${"x64" | "arm64" | "arm"}`;

/**
 * The most that a library for GPUs may add to a VSIX, in bytes as packed: about as much as all the
 * rest. Vulkan's is 24 MB (Linux x64, node-llama-cpp 3.22.1) and carried; CUDA's pair is ten times
 * as much and is fetched on demand.
 */
export const carriedLimitBytes = 32e6;

/** The platforms of a release. */
export const targets: readonly Target[] = [
  {
    ...{ name: "linux-x64", binding: "linux-x64", carried: ["linux-x64-vulkan"] },
    machine: "elf-x64",
  },
  { name: "linux-arm64", binding: "linux-arm64", carried: [], machine: "elf-arm64" },
  { name: "darwin-arm64", binding: "mac-arm64-metal", carried: [], machine: "macho-arm64" },
  { name: "darwin-x64", binding: "mac-x64", carried: [], machine: "macho-x64" },
  { name: "win32-x64", binding: "win-x64", carried: ["win-x64-vulkan"], machine: "pe-x64" },
  { name: "win32-arm64", binding: "win-arm64", carried: [], machine: "pe-arm64" },
];

/** Built on request alone. */
const others: readonly Target[] = [
  { name: "linux-armhf", binding: "linux-armv7l", carried: [], machine: "elf-arm" },
];

/** @throws Error for a platform without a library */
export function targetOf(name: string): Target {
  const all = [...targets, ...others];
  const target = all.find((each) => each.name === name);
  if (target !== undefined) return target;
  throw new Error(`no binding for ${name}; known: ${all.map((each) => each.name).join(", ")}`);
}

/** VS Code's name of this machine's platform. */
export function ownTarget(): Target {
  const arch = process.platform === "linux" && process.arch === "arm" ? "armhf" : process.arch;
  return targetOf(`${process.platform}-${arch}`);
}
