import { spawn } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type StdioClient,
} from "../support/stdioClient.ts";

describe("bad input on standard input", () => {
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

  it.each([
    ["text", "hello, is anybody there?\n"],
    ["binary", Buffer.from([0, 255, 17, 3, 9])],
    ["a header without a length", "Content-Type: application/json\r\n\r\n{}"],
    ["an absurd length", "Content-Length: 99999999999\r\n\r\n"],
    ["a header that does not end", `Content-${"x".repeat(10_000)}`],
  ])("ends the server with 1 and a coded line: %s", async (_, bytes) => {
    client.write(bytes);
    expect(await client.ended).toBe(1);
    expect(client.stderr()).toMatch(/^VALIDATION_ERROR: .*Standard input is not LSP/);
  });

  it("ends the server when garbage comes in the middle", async () => {
    await client.initialize();
    client.write("garbage");
    expect(await client.ended).toBe(1);
    expect(client.stderr()).toContain("VALIDATION_ERROR");
  });

  it("survives a body that is not JSON", async () => {
    await client.initialize();
    client.write("Content-Length: 9\r\n\r\nnot JSON!");
    const answer = await client.request("starcoder/health", null);
    expect(answer.error).toBeUndefined();
  });

  it("survives a message of 64 MB and completes the next document", async () => {
    await client.initialize();
    const large = "x".repeat(64 * 1024 * 1024);
    const open = (uri: string, text: string) =>
      client.notify("textDocument/didOpen", {
        textDocument: { uri, languageId: "typescript", version: 1, text },
      });
    open("file:///large.ts", large);
    open("file:///small.ts", "function add(a, b) {\n  return a +\n}\n");
    const method = "textDocument/inlineCompletion";
    const ofLarge = await client.request(method, inlineCompletionAt("file:///large.ts", 0, 5));
    expect(itemTexts(ofLarge)).toEqual([]);
    const ofSmall = await client.request(method, inlineCompletionAt("file:///small.ts", 1, 12));
    expect(itemTexts(ofSmall)).toHaveLength(1);
  });

  it("answers an unknown request with an error and goes on", async () => {
    await client.initialize();
    const answer = await client.request("starcoder/coffee", {});
    expect(answer.error?.code).toBe(-32601);
    expect((await client.request("starcoder/health", null)).error).toBeUndefined();
  });

  it("ends the server when its client is gone", async () => {
    await client.initialize();
    client.process.stdin.end();
    expect(await client.ended).toBe(1);
  });

  it("ends the server when the process that asked for it has died, though the pipe is open", async () => {
    const shortLived = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => shortLived.once("exit", resolve));
    await client.request("initialize", {
      processId: shortLived.pid,
      rootUri: null,
      capabilities: {},
    });
    expect(await client.ended).toBe(1);
  });
});
