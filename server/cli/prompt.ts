import type { Register } from "./commandLine.ts";

export const registerPrompt: Register = () => undefined;
