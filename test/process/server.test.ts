import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statusSchema } from "../../server/protocol/editor.ts";
import { healthSchema } from "../../server/protocol/health.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type Message,
  type StdioClient,
} from "../support/stdioClient.ts";

const method = "textDocument/inlineCompletion";
const code = "export function add(a: number, b: number): number {\n  return a +\n}\n";

const stateOf = ({ method: name, params }: Message) =>
  name === "starcoder/status" ? statusSchema.parse(params).state : undefined;

describe("the language server over stdio, on the bundled model", () => {
  let home: ProcessHome;
  let client: StdioClient;
  let documents = 0;

  /** Opens a document and returns its URI. */
  function open(text: string, languageId = "typescript", uri?: string): string {
    documents += 1;
    const opened = uri ?? `file:///project/src/file${documents}.ts`;
    client.notify("textDocument/didOpen", {
      textDocument: { uri: opened, languageId, version: 1, text },
    });
    return opened;
  }

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    // The documents here are alike: shown to the model together they would change each other's answers.
    await client.initialize({ initializationOptions: { context: { otherFiles: false } } });
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  it("answers a request made by hand, sent while the model is still loading", async () => {
    const uri = open(code);
    const answer = await client.request(method, inlineCompletionAt(uri, 1, 12));
    expect(answer.error).toBeUndefined();
    expect(itemTexts(answer)[0]).toMatch(/\S/);
    expect(answer.result).toMatchObject([
      { range: { start: { line: 1, character: 12 }, end: { line: 1 } } },
    ]);
  });

  it("says what state the service is in, and that the model is the starter", async () => {
    const ready = await client.seen((message) => stateOf(message) === "ok");
    const status = statusSchema.parse(ready.params);
    expect(status.model).toMatchObject({ starter: true, name: "StarCoder Tiny" });
    expect(status.message).toContain("starter");
  });

  it("reports its health with the host's", async () => {
    const answer = await client.request("starcoder/health", null);
    const health = healthSchema.parse(answer.result);
    expect(health.host?.pid).toBe(home.hosts()[0]);
    expect(health.server.pid).toBe(client.process.pid);
  });

  it.each([
    ["an untitled document", "untitled:Untitled-1"],
    ["a virtual document", "vscode-vfs://github/owner/repository/add.ts"],
    ["a notebook cell", "vscode-notebook-cell:/project/a.ipynb#W0sZmlsZQ%3D%3D"],
  ])("completes %s", async (_, uri) => {
    open(code, "typescript", uri);
    const answer = await client.request(method, inlineCompletionAt(uri, 1, 12));
    expect(itemTexts(answer)).toHaveLength(1);
  });

  it.each([
    ["an empty file", "", 0, 0],
    ["the position 0 of a file", code, 0, 0],
    ["a position past the end", code, 9999, 9999],
    ["CRLF line ends and tabs", "function f() {\r\n\treturn 1 +\r\n}\r\n", 1, 11],
    ["surrogate pairs and combining marks", 'const s = "😀é";\nconst t = s + \n', 0, 12],
    ["right-to-left text", 'const שלום = "مرحبا";\nconst x = \n', 1, 10],
    ["one line of a megabyte", `const x = [${"1,".repeat(500_000)}`, 0, 500],
    ["special tokens in the text", "const t = '<fim_middle><|endoftext|>';\nconst u = \n", 1, 10],
  ])("answers without an error for %s", async (_, text, line, character) => {
    const answer = await client.request(method, inlineCompletionAt(open(text), line, character));
    expect(answer.error).toBeUndefined();
    expect(itemTexts(answer).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["binary", "const a = 1;\0\0\0\nconst b = "],
    ["larger than 10 MB", `const a = 1;\n`.repeat(900_000)],
  ])("has nothing for a document that is %s", async (_, text) => {
    const answer = await client.request(method, inlineCompletionAt(open(text), 0, 5));
    expect(answer.error).toBeUndefined();
    expect(itemTexts(answer)).toEqual([]);
  });

  it("has nothing for a document that is not open", async () => {
    const answer = await client.request(method, inlineCompletionAt("file:///nowhere.ts", 0, 0));
    expect(itemTexts(answer)).toEqual([]);
  });

  it("follows incremental changes", async () => {
    const uri = open("");
    client.notify("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { text: "export function add(a: number, b: number) {\n}\n" },
        {
          range: { start: { line: 0, character: 43 }, end: { line: 0, character: 43 } },
          text: "\n  return a +",
        },
      ],
    });
    const answer = await client.request(method, inlineCompletionAt(uri, 1, 12));
    expect(itemTexts(answer)[0]).toMatch(/^ ?b/);
  });

  it("starts with the item selected in the suggestion widget", async () => {
    const uri = open("const items = [1, 2];\nconst n = items.le\n");
    const answer = await client.request(method, {
      textDocument: { uri },
      position: { line: 1, character: 18 },
      context: {
        triggerKind: 1,
        selectedCompletionInfo: {
          text: "length",
          range: { start: { line: 1, character: 16 }, end: { line: 1, character: 18 } },
        },
      },
    });
    const [item] = answer.result as { insertText: string; range: { start: object } }[];
    expect(item?.insertText).toMatch(/^length/);
    expect(item?.range.start).toEqual({ line: 1, character: 16 });
  });

  it("settles every one of a hundred requests at once, cancelled or not", async () => {
    const uri = open(code.repeat(20));
    const requests = Array.from({ length: 100 }, (_, index) =>
      client.request(method, inlineCompletionAt(uri, (index % 20) * 3 + 1, 12, index % 2 ? 1 : 2)),
    );
    for (const { id } of requests.filter((_, index) => index % 3 === 0)) {
      client.notify("$/cancelRequest", { id });
    }
    const answers = await Promise.all(requests);
    expect(answers.filter(({ error }) => error !== undefined && error.code !== -32800)).toEqual([]);
    const uri2 = open(code);
    expect(itemTexts(await client.request(method, inlineCompletionAt(uri2, 1, 12)))).toHaveLength(
      1,
    );
  });

  it("refuses to restart a service that there is not, with a code", async () => {
    const answer = await client.request("starcoder/restart", { service: "coffee" });
    expect(answer.error?.data).toMatchObject({ code: "VALIDATION_ERROR" });
  });

  it("restarts the host and completes again", async () => {
    const [before] = home.hosts();
    const answer = await client.request("starcoder/restart", { service: "host" });
    expect(answer.result).toEqual({ service: "host", clientMustRestart: false });
    const uri = open(code);
    expect(itemTexts(await client.request(method, inlineCompletionAt(uri, 1, 12)))).toHaveLength(1);
    expect(home.hosts()).not.toContain(before);
  });
});
