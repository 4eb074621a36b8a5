import type { Register } from "./commandLine.ts";

export const registerReset: Register = () => undefined;
