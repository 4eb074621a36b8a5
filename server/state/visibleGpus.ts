import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { VisibleGpu, VisibleGpus } from "../protocol/gpus.ts";

/** Where it is looked; this machine by default. */
export interface GpuSource {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a folder; none where there is no such folder. */
  readonly list: (folder: string) => readonly string[];
  /** Undefined where it cannot be read. */
  readonly readText: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
}

/**
 * Looks for GPUs without loading a driver: in a millisecond, and safe where a driver is broken.
 * GPUs of virtual machines that only draw are left out.
 */
export function lookForGpus(source: GpuSource = thisMachine()): VisibleGpus {
  switch (source.platform) {
    case "linux":
      return lookOnLinux(source);
    case "win32":
      return lookOnWindows(source);
    case "darwin": {
      const apple: VisibleGpu = { vendor: "apple", name: "Apple GPU", driver: true };
      // Macs with Intel processors have no backend that serves their GPUs.
      const gpus = source.arch === "arm64" ? [apple] : [];
      return { gpus, cudaRuntime: false, vulkanLoader: false };
    }
    default:
      return { gpus: [], cudaRuntime: false, vulkanLoader: false };
  }
}

/** PCI numbers of makers whose GPUs compute. */
const makers: Readonly<Record<string, VisibleGpu["vendor"]>> = {
  "0x10de": "nvidia",
  "0x1002": "amd",
  "0x8086": "intel",
};
const makerNames = { nvidia: "NVIDIA GPU", amd: "AMD GPU", intel: "Intel GPU" } as const;

const linuxLibraries = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/lib64"];
/** The system's own driver folder under Windows Subsystem for Linux. */
const wslLibraries = "/usr/lib/wsl/lib";

function lookOnLinux({ env, list, readText, exists }: GpuSource): VisibleGpus {
  const nvidia = readNvidia({ list, readText });
  const hasNvidia =
    exists("/proc/driver/nvidia/version") || exists(join(wslLibraries, "libcuda.so.1"));
  const cards = list("/sys/class/drm")
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((name): VisibleGpu[] => {
      const device = join("/sys/class/drm", name, "device");
      const vendor = makers[readText(join(device, "vendor"))?.trim() ?? ""];
      if (vendor === undefined || vendor === "apple" || vendor === "other") return [];
      if (vendor === "nvidia" && hasNvidia) return [];
      // Nouveau draws and does not compute.
      const driver = vendor !== "nvidia" && exists(join(device, "driver"));
      return [{ vendor, name: makerNames[vendor], driver }];
    });
  const own: VisibleGpu[] = hasNvidia
    ? (nvidia.length > 0 ? nvidia : [makerNames.nvidia]).map((name) => {
        return { vendor: "nvidia", name, driver: true };
      })
    : [];
  const versions = list("/usr/local").filter((name) => /^cuda(-\d|$)/.test(name));
  const folders = [
    ...splitPath(env["LD_LIBRARY_PATH"], ":"),
    ...(env["CUDA_PATH"] === undefined ? [] : [join(env["CUDA_PATH"], "lib64")]),
    ...linuxLibraries,
    ...versions.flatMap((name) => [
      join("/usr/local", name, "lib64"),
      join("/usr/local", name, "targets", "x86_64-linux", "lib"),
    ]),
  ];
  const has = (library: string): boolean => folders.some((folder) => exists(join(folder, library)));
  return {
    gpus: [...own, ...cards],
    // The package is built for version 13, the one beside it for 12.
    cudaRuntime: [13, 12].some(
      (version) => has(`libcudart.so.${String(version)}`) && has(`libcublas.so.${String(version)}`),
    ),
    vulkanLoader: has("libvulkan.so.1"),
  };
}

/** Names of NVIDIA's cards, as their driver lists them. */
function readNvidia({ list, readText }: Pick<GpuSource, "list" | "readText">): string[] {
  const folder = "/proc/driver/nvidia/gpus";
  return list(folder).flatMap((name) => {
    const text = readText(join(folder, name, "information"));
    return /^Model:\s*(\S.*?)\s*$/m.exec(text ?? "")?.[1] ?? [];
  });
}

function lookOnWindows({ env, exists }: GpuSource): VisibleGpus {
  const system = join(env["SystemRoot"] ?? "C:\\Windows", "System32");
  const nvidia = exists(join(system, "nvcuda.dll"));
  const vulkanLoader = exists(join(system, "vulkan-1.dll"));
  const folders = [
    ...splitPath(env["Path"] ?? env["PATH"], ";"),
    ...(env["CUDA_PATH"] === undefined ? [] : [join(env["CUDA_PATH"], "bin")]),
  ];
  const has = (library: string): boolean => folders.some((folder) => exists(join(folder, library)));
  const amd = exists(join(system, "amdvlk64.dll")) || exists(join(system, "amdxc64.dll"));
  const gpus: VisibleGpu[] = [
    ...(nvidia ? [{ vendor: "nvidia", name: makerNames.nvidia, driver: true } as const] : []),
    ...(amd ? [{ vendor: "amd", name: makerNames.amd, driver: true } as const] : []),
  ];
  // The loader comes with a GPU's driver, whoever made it.
  if (gpus.length === 0 && vulkanLoader) gpus.push({ vendor: "other", name: "GPU", driver: true });
  return {
    gpus,
    cudaRuntime: [13, 12].some(
      (version) => has(`cudart64_${String(version)}.dll`) && has(`cublas64_${String(version)}.dll`),
    ),
    vulkanLoader,
  };
}

function splitPath(text: string | undefined, separator: string): string[] {
  return (text ?? "").split(separator).filter((folder) => folder !== "");
}

function thisMachine(): GpuSource {
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    list(folder) {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
    readText(path) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    exists: existsSync,
  };
}
