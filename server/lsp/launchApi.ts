import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LaunchApi } from "./api.ts";

/** How long it may take to end by itself. */
const graceMs = 3000;

/** Starts `starcoder serve --child` from the product's `dist`. It ends with this process. */
export function createLaunchApi(productRoot: string): LaunchApi {
  return ({ onLine, onEnd }) => {
    const child = spawn(
      process.execPath,
      [join(productRoot, "dist", "cli.mjs"), "serve", "--child"],
      {
        // In an Electron extension host the executable is not Node unless told so.
        env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
        stdio: ["pipe", "pipe", "ignore"],
        windowsHide: true,
      },
    );
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      onEnd();
    };
    createInterface({ input: child.stdout }).on("line", onLine);
    // A process that is gone needs no settings.
    child.stdin.on("error", () => undefined);
    child.once("error", end).once("close", end);
    return {
      send(input) {
        if (child.stdin.writable) child.stdin.write(`${JSON.stringify(input)}\n`);
      },
      end() {
        child.stdin.end();
        setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
      },
    };
  };
}
