import { describe, expect, it } from "vitest";
import { reasonNotLoaded, reasonUnused } from "../../../server/protocol/gpus.ts";
import { lookForGpus, type GpuSource } from "../../../server/state/visibleGpus.ts";

/** A machine with these files, text by path. */
function look(
  files: Readonly<Record<string, string>>,
  more: Partial<Pick<GpuSource, "platform" | "arch" | "env">> = {},
) {
  const paths = Object.keys(files);
  return lookForGpus({
    ...{ platform: "linux", arch: "x64", env: {} },
    list: (folder) => [
      ...new Set(
        paths
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""),
      ),
    ],
    readText: (path) => files[path],
    exists: (path) => paths.some((each) => each === path || each.startsWith(`${path}/`)),
    ...more,
  });
}

const nvidia = {
  "/proc/driver/nvidia/version": "NVRM version: 570.1",
  "/proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: \t\t NVIDIA RTX 4070 \nIRQ: 1\n",
};
const libraries = (folder: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${folder}/${name}`, ""]));

describe("the GPUs that the system shows", () => {
  it("are named by NVIDIA's driver", () => {
    expect(look(nvidia).gpus).toEqual([
      { vendor: "nvidia", name: "NVIDIA RTX 4070", driver: true },
    ]);
  });

  it("count once, and those that only draw do not", () => {
    const card = (name: string, vendor: string, driver: boolean) => ({
      [`/sys/class/drm/${name}/device/vendor`]: `${vendor}\n`,
      ...(driver ? { [`/sys/class/drm/${name}/device/driver/module`]: "" } : {}),
    });
    const { gpus } = look({
      ...nvidia,
      ...card("card0", "0x10de", true),
      ...card("card1", "0x1002", true),
      ...card("card2", "0x8086", false),
      ...card("card3", "0x1234", true),
      "/sys/class/drm/card0-HDMI-A-1/status": "connected",
    });
    expect(gpus.map(({ vendor, driver }) => [vendor, driver])).toEqual([
      ["nvidia", true],
      ["amd", true],
      ["intel", false],
    ]);
  });

  it("of NVIDIA without NVIDIA's own driver have none that computes", () => {
    const { gpus } = look({
      "/sys/class/drm/card0/device/vendor": "0x10de",
      "/sys/class/drm/card0/device/driver/module": "nouveau",
    });
    expect(gpus).toMatchObject([{ vendor: "nvidia", driver: false }]);
  });

  it("are seen from Windows Subsystem for Linux", () => {
    expect(look({ "/usr/lib/wsl/lib/libcuda.so.1": "" }).gpus).toMatchObject([{ driver: true }]);
  });

  it.each([12, 13])("can be used by CUDA with both libraries of version %i", (version) => {
    const folder = `/usr/local/cuda-${version}.1/lib64`;
    const [cudart, cublas] = [`libcudart.so.${version}`, `libcublas.so.${version}`];
    expect(look(libraries(folder, [cudart, cublas])).cudaRuntime).toBe(true);
    expect(look(libraries(folder, [cudart])).cudaRuntime).toBe(false);
    const env = { LD_LIBRARY_PATH: "/a::/b" };
    expect(look(libraries("/b", [cudart, cublas]), { env }).cudaRuntime).toBe(true);
  });

  it("are Apple's on Macs with Apple processors alone", () => {
    expect(look({}, { platform: "darwin", arch: "arm64" }).gpus).toMatchObject([
      { vendor: "apple" },
    ]);
    expect(look({}, { platform: "darwin", arch: "x64" }).gpus).toEqual([]);
  });

  it("are none on a machine without", () => {
    expect(look({})).toEqual({ gpus: [], cudaRuntime: false, vulkanLoader: false });
  });
});

describe("the reason why a GPU is not used", () => {
  const found = { ...look(nvidia), vulkanLoader: true };

  it("is none where there is no GPU", () => {
    expect(reasonUnused({ ...found, gpus: [] }, "vulkan")).toBeUndefined();
  });

  it.each([
    [found, undefined, /no library for it is installed/],
    [found, "vulkan", /found no GPU/],
    [
      { ...found, vulkanLoader: false },
      undefined,
      /Vulkan loader and the CUDA runtime are missing/,
    ],
    [
      { ...found, gpus: [{ vendor: "amd", name: "AMD GPU", driver: false } as const] },
      undefined,
      /AMD GPU is not used: its driver/,
    ],
  ])("names what is missing (%#)", (machine, loaded, reason) => {
    expect(reasonUnused(machine, loaded)).toMatch(reason);
  });

  it("is the driver or the runtime where CUDA is asked for", () => {
    expect(reasonNotLoaded("cuda", look({}))).toMatch(/no NVIDIA driver/);
    expect(reasonNotLoaded("cuda", found)).toMatch(/CUDA runtime/);
    expect(reasonNotLoaded("cuda", { ...found, cudaRuntime: true })).toMatch(/not installed/);
    expect(reasonNotLoaded("vulkan", look({}))).toMatch(/loader/);
  });
});
