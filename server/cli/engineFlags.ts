import { resolve } from "node:path";
import { Option, type Command } from "commander";
import type { Settings } from "../protocol/settings.ts";
import type { Flags } from "./commandLine.ts";

/** Holds the key of the engines that `--endpoint` names; never on a command line, which others see. */
export const endpointKeyVariable = "STARCODER_ENDPOINT_KEY";

/** Adds the options that say which model answers, on this machine or elsewhere. */
export function addEngineFlags(command: Command): Command {
  return command
    .option("--model <path>", "GGUF model to use instead of the bundled one")
    .addOption(
      new Option(
        "--endpoint <url>",
        `remote engine to use in place of the local model, may be given several times; its key is taken from ${endpointKeyVariable}`,
      )
        .conflicts("model")
        .argParser((url: string, earlier?: readonly string[]) => [...(earlier ?? []), url]),
    );
}

/** The settings that the flags stand for; only those that were given. */
export function engineSettingsOf(
  { model = "", endpoint = [] }: Flags,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Partial<Settings> {
  const key =
    (env[endpointKeyVariable] ?? "").trim() === "" ? {} : { keyVariable: endpointKeyVariable };
  return {
    // As people write paths on a command line: relative to the folder they are in.
    ...(model === "" ? {} : { "model.path": model.startsWith("~") ? model : resolve(model) }),
    ...(endpoint.length === 0
      ? {}
      : { "remote.endpoints": endpoint.map((url) => ({ url, ...key })) }),
  };
}
