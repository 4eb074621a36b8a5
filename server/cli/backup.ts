import type { Register } from "./commandLine.ts";

export const registerBackup: Register = () => undefined;
