import { spawn } from "node:child_process";
import type { BindingProbe } from "./world.ts";

/** Runs in a process of its own: a native library that crashes takes only that one down. */
const probeSource = `
process.execArgv = []; // node-llama-cpp forks a test of its own, which must not run this text
const { getLlama } = await import("node-llama-cpp");
const llama = await getLlama({ build: "never", gpu: "auto", logLevel: "error" });
console.log("backend=" + (llama.gpu || "cpu"));
process.exit(0);
`;

/** Loads node-llama-cpp as found from a folder in a child process. Never rejects. */
export function probeBinding(productRoot: string, signal: AbortSignal): Promise<BindingProbe> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", probeSource], {
      cwd: productRoot,
      // In an Electron extension host the executable is not Node unless told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-4000);
    });
    child.once("error", ({ message }) => resolve({ kind: "missing", reason: message }));
    child.once("close", (code, ended) => {
      const backend = /^backend=(\w+)$/m.exec(output)?.[1];
      if (backend !== undefined) resolve({ kind: "works", backend });
      else resolve({ kind: "missing", reason: reasonOf(complaint, code, ended) });
    });
  });
}

function reasonOf(complaint: string, code: number | null, ended: string | null): string {
  const line = complaint.split("\n").find((text) => /\berror\b/i.test(text));
  return line?.trim() ?? `The probe ended with ${ended ?? `code ${code ?? "unknown"}`}.`;
}
