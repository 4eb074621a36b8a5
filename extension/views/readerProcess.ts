import { fork } from "node:child_process";
import { logReaderNodeArguments } from "../../server/protocol/webview.ts";
import type { ReaderProcess } from "./logReader.ts";

/** Starts the log reader's process. It finds the log folder by the environment, as all processes do. */
export function startReaderProcess(script: string): ReaderProcess {
  const child = fork(script, [], {
    // In an Electron extension host the executable is not Node unless told so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    execArgv: [...logReaderNodeArguments],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
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
        // What Node says of an error that nobody caught.
        const [error] = /^\w*Error\b.*$/m.exec(said) ?? [];
        listener(`The log reader ended (${how}).${error === undefined ? "" : ` ${error}`}`);
      };
      child.once("error", ({ message }) => tell(message));
      child.once("close", (status, signal) => tell(signal ?? `exit status ${status ?? "unknown"}`));
    },
    kill() {
      child.kill("SIGKILL");
    },
  };
}
