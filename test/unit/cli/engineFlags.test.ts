import { resolve } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  addEngineFlags,
  endpointKeyVariable,
  engineSettingsOf,
} from "../../../server/cli/engineFlags.ts";

function parsed(...words: string[]) {
  const command = addEngineFlags(new Command("complete")).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: "user" }).opts();
}

describe("the flags that say which engine answers", () => {
  test("without them the settings stay as they are", () => {
    expect(engineSettingsOf(parsed(), {})).toEqual({});
  });

  test("a model's path is relative to the folder of the terminal; that of the home folder stays", () => {
    expect(engineSettingsOf(parsed("--model", "a.gguf"), {})).toEqual({
      "model.path": resolve("a.gguf"),
    });
    expect(engineSettingsOf(parsed("--model", "~/a.gguf"), {})).toEqual({
      "model.path": "~/a.gguf",
    });
  });

  test("endpoints are taken in their order, with the key that the environment holds", () => {
    const flags = parsed("--endpoint", "http://a", "--endpoint", "http://b");
    expect(engineSettingsOf(flags, {})).toEqual({
      "remote.endpoints": [{ url: "http://a" }, { url: "http://b" }],
    });
    expect(engineSettingsOf(flags, { [endpointKeyVariable]: "k" })).toEqual({
      "remote.endpoints": [
        { url: "http://a", keyVariable: endpointKeyVariable },
        { url: "http://b", keyVariable: endpointKeyVariable },
      ],
    });
  });

  test("a local model and a remote engine together are refused", () => {
    expect(() => parsed("--model", "a.gguf", "--endpoint", "http://a")).toThrow(/cannot be used/);
  });
});
