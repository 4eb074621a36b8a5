import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statusSchema, type Status } from "../../server/protocol/editor.ts";
import { reviewResultSchema } from "../../server/protocol/review.ts";
import { llamaServerPath, startLlamaServer, type LlamaServer } from "../support/llamaServer.ts";
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
const automatic = 2;
/** What a loaded machine may add, in milliseconds. */
const slack = 900;

if (llamaServerPath === undefined) {
  console.warn("Tests on a real llama-server are skipped: STARCODER_LLAMA_SERVER names none.");
}

const statusOf = ({ method: name, params }: Message): Status | undefined =>
  name === "starcoder/status" ? statusSchema.parse(params) : undefined;

describe.skipIf(llamaServerPath === undefined)("typing on two llama-servers", () => {
  let home: ProcessHome;
  let servers: readonly LlamaServer[] = [];
  let client: StdioClient;
  let documents = 0;

  function open(text: string): string {
    documents += 1;
    const uri = `file:///project/src/file${documents}.ts`;
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
    return uri;
  }

  /** Types letter by letter into line 1 of a document and asks after each, as the editor does. */
  async function type(document: { uri: string; column: number; version: number }, text: string) {
    const answers: Message[] = [];
    const ms: number[] = [];
    for (const letter of Array.from(text)) {
      const position = { line: 1, character: document.column++ };
      client.notify("textDocument/didChange", {
        textDocument: { uri: document.uri, version: ++document.version },
        contentChanges: [{ range: { start: position, end: position }, text: letter }],
      });
      const startedAt = performance.now();
      const asked = inlineCompletionAt(document.uri, 1, document.column, automatic);
      answers.push(await client.request(method, asked));
      ms.push(performance.now() - startedAt);
    }
    return { errors: answers.filter(({ error }) => error !== undefined), ms };
  }

  beforeAll(async () => {
    home = createProcessHome();
    servers = await Promise.all([startLlamaServer(), startLlamaServer()]);
    client = startStdioClient(home.path);
    const endpoints = servers.map(({ url }, index) => ({ url, name: `server ${index + 1}` }));
    await client.initialize({
      initializationOptions: { context: { otherFiles: false }, remote: { endpoints } },
    });
  });
  afterAll(async () => {
    await client.close();
    await Promise.all(servers.map((server) => server.kill()));
    home.remove();
  });

  it("answers a request made by hand, sent while the engines are still being probed", async () => {
    const uri = open(code);
    const answer = await client.request(method, inlineCompletionAt(uri, 1, 12));
    expect(answer.error).toBeUndefined();
    expect(itemTexts(answer)[0]).toMatch(/\S/);
  });

  it("says that both are up, and starts no local host", async () => {
    const message = await client.seen((each) => statusOf(each)?.endpoints?.up === 2);
    const status = statusSchema.parse(message.params);
    expect(status.endpoints).toEqual({ up: 2, total: 2 });
    expect(status.backend?.used).toBe("remote");
    expect(home.hosts()).toEqual([]);
  });

  it("continues what the bundled model continues on this machine", async () => {
    const uri = open("export function add(a: number, b: number) {\n  return a +\n}\n");
    const answer = await client.request(method, inlineCompletionAt(uri, 1, 12));
    expect(itemTexts(answer)[0]).toMatch(/^ ?b/);
  });

  it.each([
    ["an empty file", "", 0, 0],
    ["CRLF line ends and tabs", "function f() {\r\n\treturn 1 +\r\n}\r\n", 1, 11],
    ["surrogate pairs and combining marks", 'const s = "😀é";\nconst t = s + \n', 0, 12],
    ["one line of a megabyte", `const x = [${"1,".repeat(500_000)}`, 0, 500],
    ["special tokens in the text", "const t = '<fim_middle><|endoftext|>';\nconst u = \n", 1, 10],
  ])("answers without an error for %s", async (_, text, line, character) => {
    const answer = await client.request(method, inlineCompletionAt(open(text), line, character));
    expect(answer.error).toBeUndefined();
    expect(itemTexts(answer).length).toBeLessThanOrEqual(1);
  });

  it("says that a review of a base model needs probabilities that it does not give", async () => {
    const uri = open(code.replace("a +", "a + b;").repeat(3));
    const answer = await client.request("starcoder/review", { uri });
    const result = reviewResultSchema.parse(answer.result);
    expect(result.scoreError?.code).toBe("LOGPROBS_UNAVAILABLE");
    expect(result.score).toBeUndefined();
    expect(result.findings).toEqual([]);
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
  });

  it("loses no request when the one that serves the file is killed while it is typed in", async () => {
    const uri = open("export function total(items: number[]): number {\n  \n}\n");
    const document = { uri, column: 2, version: 1 };
    const before = await Promise.all(servers.map((server) => server.tokens()));
    expect((await type(document, "let sum = items.reduce(")).errors).toEqual([]);
    const after = await Promise.all(servers.map((server) => server.tokens()));
    const grown = after.map((count, index) => count - (before[index] ?? 0));
    // The same file goes to the same engine.
    expect(Math.max(...grown)).toBeGreaterThan(0.8 * grown.reduce((sum, count) => sum + count, 0));
    const seenBefore = client.received.length;
    const typing = type(document, "(a, b) => a + b, 0);");
    await servers[grown.indexOf(Math.max(...grown))]?.kill();
    const { errors, ms } = await typing;
    expect(errors).toEqual([]);
    // An automatic request is answered within 600 ms, whatever happens to its engine.
    expect(ms.filter((each) => each > 600 + slack)).toEqual([]);
    const answer = await client.request(method, inlineCompletionAt(open(code), 1, 12));
    expect(itemTexts(answer)[0]).toMatch(/\S/);
    const message = await client.seen(
      (each) => client.received.indexOf(each) >= seenBefore && statusOf(each)?.endpoints?.up === 1,
    );
    expect(statusSchema.parse(message.params).endpoints).toEqual({ up: 1, total: 2 });
  });
});
