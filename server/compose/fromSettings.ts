import type { CompletionSettings } from "../completion/types.ts";
import { resolveModel } from "../models/modelPath.ts";
import { toCodedError } from "../protocol/errors.ts";
import type { HostConfig } from "../protocol/host.ts";
import type { ChosenModel } from "../protocol/models.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";
import type { Settings } from "../protocol/settings.ts";

/**
 * The model that the settings choose, else the one chosen for the home, else the bundled one; the
 * bundled one, too, where the settings name none that can be used.
 */
export function chooseModel(
  settings: Settings,
  bundledModelPath: string,
  chosen?: ChosenModel,
): { readonly path: string; readonly problems: readonly SettingProblem[] } {
  try {
    const { path } = resolveModel(
      settings["model.path"],
      bundledModelPath,
      undefined,
      chosen?.path,
    );
    return { path, problems: [] };
  } catch (thrown) {
    const message = `${toCodedError(thrown).message} The bundled model is used.`;
    const key = "starcoder.model.path";
    const problem = { code: "VALIDATION_ERROR", key, kind: "invalid", message } as const;
    return { path: bundledModelPath, problems: [problem] };
  }
}

/** What of the settings decides about a host. */
export function hostConfigOf(settings: Settings, modelPath: string): HostConfig {
  return {
    modelPath,
    backend: settings.backend,
    contextSize: settings["model.contextSize"],
    kvType: settings["model.kvType"],
    gpuLayers: settings["model.gpuLayers"],
    threads: settings.threads,
    prefillThreads: settings.prefillThreads,
    idleTimeoutSeconds: settings["host.idleTimeout"],
    unloadAfterSeconds: settings["host.unloadAfter"],
  };
}

/** What of the settings decides about suggestions. */
export function completionSettingsOf(settings: Settings): CompletionSettings {
  const seed = settings["completion.seed"];
  return {
    maxTokens: settings["completion.maxTokens"],
    maxLines: settings["completion.maxLines"],
    temperature: settings["completion.temperature"],
    topP: settings["completion.topP"],
    topK: settings["completion.topK"],
    repetitionPenalty: settings["completion.repetitionPenalty"],
    ...(seed === null ? {} : { seed }),
    multiline: settings["completion.multiline"],
    showThreshold: settings["completion.showThreshold"],
    comments: settings["completion.comments"],
    contextTokens: settings["completion.contextTokens"],
    speculation: settings["completion.speculation"],
    cache: true,
    deadlineMs: settings["completion.deadline"],
  };
}
