import type { Register } from "./commandLine.ts";

export const registerStats: Register = () => undefined;
