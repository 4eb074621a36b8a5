import type { Register } from "./commandLine.ts";

export const registerReport: Register = () => undefined;
