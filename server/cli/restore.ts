import type { Register } from "./commandLine.ts";

export const registerRestore: Register = () => undefined;
