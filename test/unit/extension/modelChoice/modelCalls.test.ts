import { describe, expect, it } from "vitest";
import { createModelCalls } from "../../../../extension/modelChoice/modelCalls.ts";
import type { CliCall } from "../../../../extension/runCli.ts";
import type { EditorFacts } from "../../../../server/protocol/editorFacts.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { DownloadState } from "../../../../server/protocol/models.ts";
import { download, list, stored } from "./samples.ts";

const facts: EditorFacts = {
  editor: { name: "Editor", version: "1" },
  extensionVersion: "1",
  side: "local",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: true,
  completionExtensions: [],
  settings: {},
  server: { state: "failed" },
};

/** Calls against a command line that answers with this record, and notes these lines before. */
function callsTo(record: unknown, lines: readonly string[] = [], token?: string) {
  const seen: CliCall[] = [];
  const calls = createModelCalls({
    facts: () => facts,
    hubToken: () => Promise.resolve(token),
    runCli: (schema, call) => {
      seen.push(call);
      for (const line of lines) call.onNote?.(line);
      return record instanceof Error
        ? Promise.reject(record)
        : Promise.resolve(schema.parse(record));
    },
  });
  return { calls, seen };
}

describe("starcoder models, called from the editor", () => {
  it("tells each state of a download, and leaves out what is none", async () => {
    const state = download("downloading");
    const lines = ["note", JSON.stringify(state), "{broken", '{"version":7}'];
    const { calls, seen } = callsTo({ download: download("done") }, lines);
    const states: DownloadState[] = [];
    const wanted = { id: "starcoder2-3b", name: "x", quantization: "Q4_K_M", force: true };
    const record = await calls.download(wanted, (each) => states.push(each));
    expect(states).toEqual([state]);
    expect(record.download.phase).toBe("done");
    expect(seen[0]?.args).toEqual([
      ...["models", "download", "starcoder2-3b", "--accept-licence", "--no-use"],
      ...["--quantization", "Q4_K_M", "--force"],
    ]);
  });

  it("gives the access token to calls that ask the hub, and to no others", async () => {
    const { calls, seen } = callsTo({ ...list(), download: download("done") }, [], "hf_secret");
    await calls.list();
    await calls.listAll();
    await calls.pause("starcoder2-3b");
    await calls.download({ id: "starcoder2-3b", name: "x" }, () => undefined);
    const tokens = seen.map(({ args, facts: given }) => [
      args.slice(1, 3).join(" "),
      given?.hubToken,
    ]);
    expect(tokens).toEqual([
      ["list", undefined],
      ["list --all", undefined],
      ["pause starcoder2-3b", undefined],
      ["download starcoder2-3b", "hf_secret"],
    ]);
  });

  it("never puts the token into the arguments, which other programs can read", async () => {
    const { calls, seen } = callsTo({ download: download("done") }, [], "hf_secret");
    await calls.download({ id: "starcoder2-3b", name: "x" }, () => undefined);
    expect(JSON.stringify(seen[0]?.args)).not.toContain("hf_secret");
  });

  it("hands on the failure of the command line", async () => {
    const failure = new CodedError("HUB_GATED", "someone/model");
    const { calls } = callsTo(failure);
    await expect(calls.use("a-model")).rejects.toBe(failure);
  });

  it("tries what it is given by id or path", async () => {
    const trial = { text: "x", backend: "cpu", loadMs: 1, completionMs: 1 };
    const { calls, seen } = callsTo({ model: stored("a"), trial, previous: "/b.gguf" });
    await calls.use("/models/a.gguf");
    expect(seen[0]?.args).toEqual(["models", "use", "/models/a.gguf"]);
  });
});
