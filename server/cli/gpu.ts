import type { Register } from "./commandLine.ts";

/** `starcoder gpu …`: the native libraries for GPUs. */
export const registerGpu: Register = () => undefined;
