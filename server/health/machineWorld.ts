import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { freemem, totalmem } from "node:os";
import { join } from "node:path";
import { readGgufHeader } from "../models/ggufHeader.ts";
import { openHome } from "../state/home.ts";
import { readRunFile } from "../state/runFile.ts";
import { probeBinding } from "./probeBinding.ts";
import type { DoctorWorld } from "./world.ts";

export interface MachineWorldOptions {
  readonly homePath: string;
  readonly modelPath: string;
  readonly contextSize: number;
  /** Folder from which node-llama-cpp is found. */
  readonly productRoot: string;
}

/** The doctor's view of the machine it runs on. */
export function createMachineWorld(options: MachineWorldOptions): DoctorWorld {
  return {
    nodeVersion: process.version,
    homePath: options.homePath,
    openHome: () => Promise.resolve().then(() => void openHome(options.homePath)),
    modelPath: options.modelPath,
    contextSize: options.contextSize,
    readModel: readGgufHeader,
    probeBinding: (signal) => probeBinding(options.productRoot, signal),
    async readHosts() {
      const folder = join(options.homePath, "run");
      const names = await readdir(folder).catch(() => []);
      return names
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => readRunFile(join(folder, name)) ?? []);
    },
    isAlive(pid) {
      try {
        return process.kill(pid, 0);
      } catch (thrown) {
        return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
      }
    },
    isListening: (socketPath) =>
      new Promise((resolve) => {
        const socket = connect(socketPath);
        socket.once("connect", () => {
          socket.destroy();
          resolve(true);
        });
        socket.once("error", () => resolve(false));
      }),
    freeMemoryBytes: freemem,
    totalMemoryBytes: totalmem,
  };
}
