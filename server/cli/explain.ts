import type { Register } from "./commandLine.ts";

export const registerExplain: Register = () => undefined;
