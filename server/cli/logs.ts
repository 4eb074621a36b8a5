import type { Register } from "./commandLine.ts";

export const registerLogs: Register = () => undefined;
