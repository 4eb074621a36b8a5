import type { Register } from "./commandLine.ts";

export const registerRestart: Register = () => undefined;
