import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { statusSchema, type Status } from "../../server/protocol/editor.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startFakeVllm } from "../support/remote/fakeVllm.ts";
import { freePort, startProxy } from "../support/remoteEngine.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type Message,
  type StdioClient,
} from "../support/stdioClient.ts";

describe("settings of the language server", () => {
  let home: ProcessHome;
  let client: StdioClient;

  beforeEach(() => {
    home = createProcessHome();
    client = startStdioClient(home.path);
  });
  afterEach(async () => {
    await client.close();
    home.remove();
  });

  /** The first status that fits. */
  async function status(fits: (status: Status) => boolean): Promise<Status> {
    const message = await client.seen(
      ({ method, params }) => method === "starcoder/status" && fits(statusSchema.parse(params)),
    );
    return statusSchema.parse(message.params);
  }

  const isWarning = ({ method, params }: Message) =>
    method === "window/showMessage" && (params as { type: number }).type === 2;

  it("reports a bad value once with its key and uses the default", async () => {
    await client.initialize({
      initializationOptions: { completion: { maxTokens: "many", temperature: 0 }, nonsense: 1 },
    });
    const { settingProblems } = await status(({ state }) => state === "ok");
    expect(settingProblems.map(({ code, key, kind }) => [code, key, kind])).toEqual([
      ["VALIDATION_ERROR", "starcoder.completion.maxTokens", "invalid"],
      ["VALIDATION_ERROR", "starcoder.nonsense", "unknown"],
    ]);
    const warnings = client.received.filter(isWarning).map(({ params }) => params);
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings[0])).toContain("starcoder.completion.maxTokens");
    expect(JSON.stringify(warnings[0])).toContain("The default 64 is used");
  });

  it("takes a relative model path for what it is and uses the bundled model", async () => {
    await client.initialize({ initializationOptions: { model: { path: "models/a.gguf" } } });
    const { settingProblems, model } = await status(({ state }) => state === "ok");
    expect(settingProblems[0]).toMatchObject({ key: "starcoder.model.path" });
    expect(model?.starter).toBe(true);
  });

  it("says with code and remedy that the model file is missing, then takes one that is there", async () => {
    let path = "/no/such/model.gguf";
    client.answer("workspace/configuration", () => [{ model: { path } }]);
    await client.initialize({
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      },
    });
    const failed = await status(({ state }) => state === "error");
    expect(failed).toMatchObject({
      code: "MODEL_NOT_FOUND",
      actions: expect.any(Array) as unknown,
    });
    expect(failed.message).toContain(path);
    expect(failed.remedy).toContain("starcoder.model.path");
    path = "";
    client.notify("workspace/didChangeConfiguration", { settings: null });
    expect((await status(({ state }) => state === "ok")).model?.starter).toBe(true);
  });

  it("takes the editor's proxy to a remote engine, and another one as soon as it is set", async () => {
    const engine = await startFakeVllm();
    const proxy = await startProxy();
    onTestFinished(() => Promise.all([engine.close(), proxy.close()]).then(() => undefined));
    const url = `http://engine.test:${new URL(engine.url).port}`;
    const values: Record<string, unknown> = {
      starcoder: { remote: { endpoints: [{ url }] } },
      "http.proxy": `http://me:hidden@127.0.0.1:${await freePort()}`,
    };
    client.answer("workspace/configuration", (params) =>
      (params as { items: { section: string }[] }).items.map(({ section }) => values[section]),
    );
    await client.initialize({
      initializationOptions: values["starcoder"],
      capabilities: { workspace: { configuration: true } },
    });
    const failed = await status(({ state }) => state === "error");
    expect(failed.message).toContain("the editor's http.proxy");
    values["http.proxy"] = proxy.url;
    client.notify("workspace/didChangeConfiguration", { settings: null });
    const ready = await status(({ state }) => state === "ok");
    expect(ready.endpoints).toEqual({ up: 1, total: 1 });
    expect(JSON.stringify(client.received)).not.toContain("hidden");
  });

  it("makes no suggestion and starts no host while turned off", async () => {
    await client.initialize({ initializationOptions: { enabled: false } });
    expect((await status(({ state }) => state === "off")).model).toBeUndefined();
    const uri = "file:///project/a.ts";
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: "const a = " },
    });
    const answer = await client.request(
      "textDocument/inlineCompletion",
      inlineCompletionAt(uri, 0, 10),
    );
    expect(itemTexts(answer)).toEqual([]);
    expect(home.hosts()).toEqual([]);
  });

  it("makes no suggestion in a language that is turned off", async () => {
    await client.initialize({ initializationOptions: { languages: { typescript: false } } });
    const uri = "file:///project/a.ts";
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: "const a = " },
    });
    const answer = await client.request(
      "textDocument/inlineCompletion",
      inlineCompletionAt(uri, 0, 10),
    );
    expect(itemTexts(answer)).toEqual([]);
  });
});
