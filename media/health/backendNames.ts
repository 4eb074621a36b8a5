import type { Backend } from "../../server/protocol/host.ts";

/** Backends as people write them. */
export const backendNames: Readonly<Record<Backend | "remote", string>> = {
  auto: "Automatic",
  remote: "Remote engine",
  cpu: "CPU",
  cuda: "CUDA",
  vulkan: "Vulkan",
  metal: "Metal",
};
