import { fork } from "node:child_process";
import type { ReaderProcess } from "./logReader.ts";

/** Starts the log reader's process. It finds the log folder by the environment, as all processes do. */
export function startReaderProcess(script: string): ReaderProcess {
  const child = fork(script, [], {
    // In an Electron extension host the executable is not Node unless told so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-300);
  });
  return {
    send(message) {
      // A channel that is gone: the end of the process is told by itself.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage(listener) {
      child.on("message", listener);
    },
    onEnd(listener) {
      let told = false;
      const tell = (how: string): void => {
        if (told) return;
        told = true;
        const last = said.trim().split("\n").at(-1) ?? "";
        listener(`The log reader ended (${how}).${last === "" ? "" : ` ${last}`}`);
      };
      child.once("error", ({ message }) => tell(message));
      child.once("close", (status, signal) => tell(signal ?? `exit status ${status ?? "unknown"}`));
    },
    kill() {
      child.kill("SIGKILL");
    },
  };
}
