import { describe, expect, it } from "vitest";
import { recommendPack } from "../../../server/packs/recommendPack.ts";
import type { Pack, VisibleGpu, VisibleGpus } from "../../../server/protocol/gpus.ts";

const nvidia: VisibleGpu = { vendor: "nvidia", name: "NVIDIA RTX 4070", driver: true };
const amd: VisibleGpu = { vendor: "amd", name: "AMD GPU", driver: true };

function pack(backend: Pack["backend"], status: Pack["status"] = "available") {
  return { name: `linux-x64-${backend}`, backend, status };
}

/** The name of what is recommended, and why. */
function recommend(
  found: Partial<VisibleGpus>,
  used: Pack["backend"] = "cpu",
  packs = [pack("cpu", "shipped"), pack("cuda"), pack("vulkan")],
) {
  const all = { gpus: [], cudaRuntime: false, vulkanLoader: true, ...found };
  return recommendPack(all, packs, used);
}

describe("the library that is recommended", () => {
  it("is CUDA's for NVIDIA's GPUs with driver and runtime, also where Vulkan is used", () => {
    const found = { gpus: [nvidia], cudaRuntime: true };
    expect(recommend(found)?.name).toBe("linux-x64-cuda");
    expect(recommend(found, "vulkan")?.name).toBe("linux-x64-cuda");
    expect(recommend(found, "cuda")).toBeUndefined();
    expect(recommend(found)?.reason).toContain(nvidia.name);
  });

  it("is Vulkan's where CUDA would lack its runtime, which is said", () => {
    const said = recommend({ gpus: [nvidia] });
    expect(said?.name).toBe("linux-x64-vulkan");
    expect(said?.reason).toMatch(/CUDA would need its runtime/);
  });

  it("is Vulkan's for GPUs of other makers", () => {
    const said = recommend({ gpus: [amd], cudaRuntime: true });
    expect(said?.name).toBe("linux-x64-vulkan");
    expect(said?.reason).not.toContain("CUDA");
  });

  it.each<[string, ReturnType<typeof recommend>]>([
    ["there is no GPU", recommend({})],
    ["its driver is not loaded", recommend({ gpus: [{ ...amd, driver: false }] })],
    ["a GPU is used", recommend({ gpus: [amd] }, "vulkan")],
    ["the Vulkan loader is missing", recommend({ gpus: [amd], vulkanLoader: false })],
    ["it is there already", recommend({ gpus: [amd] }, "cpu", [pack("vulkan", "shipped")])],
    [
      "Metal serves it",
      recommend({ gpus: [{ vendor: "apple", name: "Apple GPU", driver: true }] }),
    ],
  ])("is none where %s", (_why, said) => {
    expect(said).toBeUndefined();
  });
});
