import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusSchema, type Status } from "../../server/protocol/editor.ts";
import { writeChosenModel } from "../../server/state/chosenModel.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { bundledModel } from "../support/realHost.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type StdioClient,
} from "../support/stdioClient.ts";

const uri = "file:///project/sum.ts";
const text = "export function sum(left: number, right: number): number {\n  return left +\n}\n";

describe("a model chosen while servers run", () => {
  let home: ProcessHome;
  let client: StdioClient;
  let statuses: Status[];

  beforeEach(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    await client.initialize({
      initializationOptions: { backend: "cpu", model: { contextSize: 1024 } },
    });
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
    await status(({ state }) => state === "ok");
  });
  afterEach(async () => {
    await client.close();
    home.remove();
  });

  /** The first status from now on, or ever, that fits. */
  async function status(fits: (status: Status) => boolean): Promise<Status> {
    const message = await client.seen(
      ({ method, params }) => method === "starcoder/status" && fits(statusSchema.parse(params)),
    );
    return statusSchema.parse(message.params);
  }

  function statusesSoFar(): Status[] {
    return client.received
      .filter(({ method }) => method === "starcoder/status")
      .map(({ params }) => statusSchema.parse(params));
  }

  /** Asks for suggestions one after the other until told to stop: how many, and how many were empty. */
  function keepAsking() {
    let on = true;
    const counts = { asked: 0, empty: 0 };
    const done = (async () => {
      while (on) {
        counts.asked += 1;
        const answer = await client.request(
          "textDocument/inlineCompletion",
          inlineCompletionAt(uri, 1, 15),
        );
        if (answer.error !== undefined) throw new Error(answer.error.message);
        if (itemTexts(answer).length === 0) counts.empty += 1;
        // A key more: what was asked before would be answered from memory.
        const version = counts.asked + 1;
        const contentChanges = [{ text: `// ${String(version)}\n${text.slice(0, -2)}}\n` }];
        client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
      }
    })();
    return {
      counts,
      async stop(): Promise<void> {
        on = false;
        await done;
      },
    };
  }

  it("is used without a restart, and no request fails meanwhile", async () => {
    const path = join(home.path, "models", "copy.gguf");
    mkdirSync(join(home.path, "models"), { recursive: true });
    copyFileSync(bundledModel, path);
    const asking = keepAsking();
    writeChosenModel(home.path, { version: 1, path });
    const now = await status(({ model }) => model?.path === path);
    const asked = asking.counts.asked;
    await expect.poll(() => asking.counts.asked, { timeout: 30_000 }).toBeGreaterThan(asked + 3);
    await asking.stop();
    expect(asking.counts.empty).toBe(0);
    expect(now).toMatchObject({ model: { starter: false } });
    statuses = statusesSoFar();
    const first = statuses.findIndex(({ state }) => state === "ok");
    expect(statuses.slice(first).every(({ state }) => state === "ok" || state === "busy")).toBe(
      true,
    );
    expect(statuses.some(({ switchingTo }) => switchingTo === "copy.gguf")).toBe(true);
    await expect.poll(() => home.hosts(), { timeout: 30_000 }).toHaveLength(1);
  }, 90_000);

  it("is not used where it is broken: the old one goes on, and the status says why", async () => {
    const path = join(home.path, "broken.gguf");
    writeFileSync(path, "GGUF and nothing else");
    const asking = keepAsking();
    writeChosenModel(home.path, { version: 1, path });
    const { problem, model, state } = await status((said) => said.problem !== undefined);
    await asking.stop();
    expect(asking.counts.empty).toBe(0);
    expect(problem).toMatchObject({ code: "MODEL_SWITCH_FAILED" });
    expect(problem?.message).toContain("broken.gguf");
    expect(problem?.actions).toContain("chooseModel");
    expect(["ok", "busy"]).toContain(state);
    expect(model?.starter).toBe(true);
    writeChosenModel(home.path, undefined);
    await expect.poll(() => statusesSoFar().at(-1)?.problem).toBeUndefined();
  }, 90_000);
});
