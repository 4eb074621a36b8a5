import type { Backend } from "../../server/protocol/host.ts";

/** Backends as people write them. */
export const backendNames: Readonly<Record<Backend, string>> = {
  auto: "Automatic",
  cpu: "CPU",
  cuda: "CUDA",
  vulkan: "Vulkan",
  metal: "Metal",
};
