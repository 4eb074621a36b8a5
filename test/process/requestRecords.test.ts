import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logRecordSchema, type LogEntry } from "../../server/protocol/logs.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { inlineCompletionAt, startStdioClient, type StdioClient } from "../support/stdioClient.ts";

const code = "export function add(a: number, b: number): number {\n  return a +\n}\n";

describe("the records of a request, on the bundled model", { timeout: 60_000 }, () => {
  let home: ProcessHome;
  let client: StdioClient;
  let log = { level: "info", source: false };

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    client.answer("workspace/configuration", () => [{ log, context: { otherFiles: false } }]);
    await client.initialize({ capabilities: { workspace: { configuration: true } } });
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  function records(start: "server" | "host"): LogEntry[] {
    const folder = join(home.path, "logs");
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${start}-`) && name.endsWith(".jsonl"))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
      .filter((line) => line !== "")
      .map((line) => logRecordSchema.parse(JSON.parse(line)));
  }
  const texts = (start: "server" | "host") =>
    records(start)
      .map((record) => JSON.stringify(record))
      .join("\n");

  async function complete(name: string, text: string): Promise<void> {
    const uri = `file:///project/${name}`;
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
    await client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 1, 12));
  }

  it("have one id in the server's and the host's file, with times and tokens", async () => {
    await complete("one.ts", code);
    const find = (start: "server" | "host", message: string) =>
      records(start).find((record) => record.message === message && record.requestId);
    await expect.poll(() => find("server", "completion"), { timeout: 10_000 }).toBeDefined();
    const asked = find("server", "completion");
    expect(asked?.requestId).toMatch(/^s[0-9a-z]+-\d+$/);
    expect(asked).toMatchObject({ service: "completion", level: "info", pid: client.process.pid });
    expect(asked?.durationMs).toBeGreaterThan(0);
    const { requestId } = asked ?? {};
    const generated = () =>
      records("host").find((each) => each.requestId === requestId && each.message === "generated");
    await expect.poll(generated, { timeout: 10_000 }).toBeDefined();
    expect(generated()).toMatchObject({
      ...{ service: "host", level: "info" },
      slot: expect.any(Number) as number,
      // A text that is complete for its purpose is ended by the server.
      cancelled: expect.any(Boolean) as boolean,
    });
    expect(generated()?.durationMs).toBeGreaterThan(0);
    expect(generated()?.tokensUsed).toBeGreaterThan(0);
  });

  it("become more when the setting changes, in both processes, without a restart", async () => {
    const before = records("host").filter(({ level }) => level === "debug");
    expect(before).toEqual([]);
    log = { level: "debug", source: false };
    client.notify("workspace/didChangeConfiguration", { settings: null });
    const warmed = async () => {
      await complete(`warm${Math.random()}.ts`, code);
      client.notify("starcoder/cursor", {
        textDocument: { uri: "file:///project/one.ts" },
        position: { line: 1, character: 12 },
      });
      return records("host").some(({ level }) => level === "debug");
    };
    await expect.poll(warmed, { timeout: 20_000, interval: 300 }).toBe(true);
  });

  it("never hold source text or folders of the user while that is off", () => {
    expect(texts("server") + texts("host")).not.toMatch(/return a|function add|\/project\//);
  });
});

describe("the records of a server", { timeout: 30_000 }, () => {
  it("tell that it began, and that it ended when its client shut it down", async () => {
    const home = createProcessHome();
    const client = startStdioClient(home.path);
    await client.initialize({ initializationOptions: { enabled: false } });
    await client.close();
    const folder = join(home.path, "logs");
    const [name = ""] = readdirSync(folder).filter((each) => each.startsWith("server-"));
    const text = readFileSync(join(folder, name), "utf8");
    const messages = [...text.matchAll(/"message":"(server [^"]*)"/g)].map(([, said]) => said);
    expect(messages).toEqual(["server starts", "server ends"]);
    home.remove();
  });
});
