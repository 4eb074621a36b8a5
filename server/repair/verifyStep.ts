import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { splitNameOf } from "../models/store/splitName.ts";
import { verifyModels } from "../models/store/verifyModels.ts";
import { formatBytes } from "../protocol/figures.ts";
import type { StepOutcome } from "./step.ts";

export interface VerifyStepOptions {
  readonly homePath: string;
  readonly bundledModelPath: string;
  /** The one that is used. */
  readonly modelPath: string;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Verifies the bundled model, the chosen one, and those of the home. */
export async function verifyStep(options: VerifyStepOptions): Promise<StepOutcome> {
  const { homePath, bundledModelPath, modelPath, note, signal } = options;
  const paths = new Set([bundledModelPath, modelPath, ...modelsOf(homePath)]);
  const verified = await verifyModels({
    ...{ homePath, signal, bundledFolder: dirname(bundledModelPath) },
    models: [...paths].map((path) => ({ id: "model", path })),
    note: (path) => note(`  verifying ${path}`),
  });
  const failure = verified.find(({ error }) => error !== undefined)?.error;
  if (failure !== undefined) {
    return { status: "failed", code: failure.code, message: failure.message };
  }
  if (signal.aborted) return { status: "skipped", message: "Cancelled." };
  const said = verified.map(({ path, sizeBytes = 0, status }) => {
    const known = status === "same" ? "its hash is right" : "its hash is remembered from now on";
    return `${basename(path)} (${formatBytes(sizeBytes)}): ${known}`;
  });
  return `${said.join("; ")}.`;
}

function modelsOf(homePath: string): string[] {
  const folder = join(homePath, "models");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".gguf") && (splitNameOf(name)?.part ?? 1) === 1)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
