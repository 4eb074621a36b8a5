import type { VisibleGpus } from "../protocol/gpus.ts";
import type { GpuRecord, Pack } from "../protocol/gpus.ts";

/**
 * The package that would have a GPU of this machine used, or used better; undefined where none would.
 * @param used the backend that works at present
 */
export function recommendPack(
  found: VisibleGpus,
  packs: readonly Pick<Pack, "name" | "backend" | "status">[],
  used: Pack["backend"],
): GpuRecord["recommendation"] {
  const pack = (backend: Pack["backend"]) =>
    packs.find((each) => each.backend === backend && each.status === "available");
  const gpus = found.gpus.filter(({ driver }) => driver);
  const nvidia = gpus.find(({ vendor }) => vendor === "nvidia");
  const cuda = pack("cuda");
  if (nvidia !== undefined && found.cudaRuntime && cuda !== undefined && used !== "cuda") {
    const reason = `${nvidia.name} has its driver and the CUDA runtime: CUDA is the fastest there.`;
    return { name: cuda.name, reason };
  }
  const vulkan = pack("vulkan");
  const gpu = nvidia ?? gpus.find(({ vendor }) => vendor !== "apple");
  if (used !== "cpu" || gpu === undefined || vulkan === undefined || !found.vulkanLoader) {
    return undefined;
  }
  const more =
    gpu === nvidia && cuda !== undefined && !found.cudaRuntime
      ? " CUDA would need its runtime (cudart and cublas, version 12 or 13), which is not installed."
      : "";
  return { name: vulkan.name, reason: `${gpu.name} can be used through Vulkan.${more}` };
}
