import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expandHome } from "../models/modelPath.ts";
import { CodedError } from "../protocol/errors.ts";
import type { Settings } from "../protocol/settings.ts";

/** A file of prompts as it is now, and what it is called in messages. */
export interface PromptFile {
  readonly text: string;
  readonly name: string;
}

export type PromptFileName = "generate.md" | "revise.md" | "review.md";

/**
 * Reads prompts: those of the folder that the settings name, else the built-in ones. Read anew each
 * time, so that a file that was changed counts from the next request on.
 * @throws CodedError PROMPT_INVALID where the folder is relative or missing, or its file cannot be read
 */
export function readPrompts(
  options: {
    readonly productRoot: string;
    readonly settings: Pick<Settings, "prompts.folder">;
    readonly userFolder?: string;
  },
  file: PromptFileName,
): PromptFile {
  const { productRoot, settings, userFolder = homedir() } = options;
  const configured = settings["prompts.folder"].trim();
  if (configured !== "") {
    const own = ownFile(configured, userFolder, file);
    if (own !== undefined) return own;
  }
  const path = join(productRoot, "prompts", file);
  return { text: readFileSync(path, "utf8"), name: `prompts/${file}` };
}

function ownFile(configured: string, userFolder: string, file: string): PromptFile | undefined {
  const folder = expandHome(configured, userFolder);
  if (!isAbsolute(folder)) {
    throw new CodedError(
      "PROMPT_INVALID",
      `starcoder.prompts.folder: ${configured} is a relative path; give the whole path or start it with ~.`,
    );
  }
  const path = join(folder, file);
  try {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder.`);
    return { text: readFileSync(path, "utf8"), name: path };
  } catch (thrown) {
    const isFolderThere = existsSync(folder);
    if (isFolderThere && (thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (!isFolderThere) {
      throw new CodedError("PROMPT_INVALID", `${folder}: there is no such folder.`, thrown);
    }
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("PROMPT_INVALID", `${path}: ${reason}`, thrown);
  }
}
