import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statusSchema } from "../../server/protocol/editor.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startFakeLlamaServer, type FakeLlamaServer } from "../support/remote/fakeLlamaServer.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type StdioClient,
} from "../support/stdioClient.ts";

describe("a language server with a remote engine", () => {
  let home: ProcessHome;
  let engine: FakeLlamaServer;
  let client: StdioClient;

  beforeAll(async () => {
    home = createProcessHome();
    engine = await startFakeLlamaServer({ complete: () => [" second", ";"] });
    client = startStdioClient(home.path);
    const remote = { endpoints: [{ url: engine.url, name: "only" }] };
    await client.initialize({ initializationOptions: { remote } });
  });
  afterAll(async () => {
    await client.close();
    await engine.close();
    home.remove();
  });

  it("is ready by it, asks it, and starts no host on this machine", async () => {
    const message = await client.seen(
      ({ method, params }) =>
        method === "starcoder/status" && statusSchema.parse(params).endpoints?.up === 1,
    );
    expect(statusSchema.parse(message.params).backend?.used).toBe("remote");
    const uri = "file:///project/add.ts";
    const text = "export function add(first: number, second: number) {\n  return first +\n}\n";
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
    const answer = await client.request(
      "textDocument/inlineCompletion",
      inlineCompletionAt(uri, 1, 16),
    );
    expect(itemTexts(answer)[0]).toContain("second");
    expect(engine.of("/completion").length).toBeGreaterThan(0);
    expect(home.hosts()).toEqual([]);
  });
});
