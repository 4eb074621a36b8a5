import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { verifyModelHash } from "../health/machine/modelHash.ts";
import { readGgufFile } from "../models/ggufFile.ts";
import { formatBytes } from "../protocol/figures.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type { StepOutcome } from "./step.ts";

export interface VerifyModelsOptions {
  readonly homePath: string;
  readonly bundledModelPath: string;
  /** The one that is used. */
  readonly modelPath: string;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Reads the model files and compares each with what it was: the bundled, the chosen, those of the home. */
export async function verifyModels(options: VerifyModelsOptions): Promise<StepOutcome> {
  const { homePath, bundledModelPath, modelPath, note, signal } = options;
  const paths = new Set([bundledModelPath, modelPath, ...modelsOf(homePath)]);
  const said: string[] = [];
  let failure: CodedError | undefined;
  const isCancelled = (): boolean => signal.aborted;
  for (const path of paths) {
    if (isCancelled()) break;
    note(`  verifying ${path}`);
    try {
      const file = await readGgufFile(path);
      const bundledFolder = dirname(bundledModelPath);
      const hash = await verifyModelHash({ path, homePath, bundledFolder, signal });
      if (hash.kind === "other") {
        const detail = `${path} has the hash ${hash.sha256}, not ${hash.expected}.`;
        throw new CodedError("MODEL_DAMAGED", detail);
      }
      const known =
        hash.kind === "same" ? "its hash is right" : "its hash is remembered from now on";
      said.push(`${basename(path)} (${formatBytes(file.sizeBytes)}): ${known}`);
    } catch (thrown) {
      // Reading ends in the middle then, which is no fault of the file.
      if (!isCancelled()) failure ??= toCodedError(thrown);
    }
  }
  if (failure !== undefined) {
    return { status: "failed", code: failure.code, message: failure.message };
  }
  if (isCancelled()) return { status: "skipped", message: "Cancelled." };
  return `${said.join("; ")}.`;
}

function modelsOf(homePath: string): string[] {
  const folder = join(homePath, "models");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".gguf"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
