import type { Register } from "./commandLine.ts";

export const registerRebuild: Register = () => undefined;
