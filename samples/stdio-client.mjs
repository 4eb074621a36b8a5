// A language client of a few lines: asks `dist/server.mjs` for one inline completion.
//   node samples/stdio-client.mjs
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const started = performance.now();
const script = fileURLToPath(new URL("../dist/server.mjs", import.meta.url));
const server = spawn(process.execPath, [script, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

let input = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (let end; (end = input.indexOf("\r\n\r\n")) >= 0; ) {
    const length = Number(/Content-Length: (\d+)/.exec(input.toString("latin1", 0, end))[1]);
    if (input.length < end + 4 + length) return;
    receive(JSON.parse(input.toString("utf8", end + 4, end + 4 + length)));
    input = input.subarray(end + 4 + length);
  }
});

function receive({ id, method, result, error }) {
  if (method && id !== undefined) send({ id, result: null }); // what the server asks of its client
  if (method) return;
  if (id === 2) {
    console.log(`${Math.round(performance.now() - started)} ms after the start:`);
    console.log(error ?? result);
    send({ id: 3, method: "shutdown" });
  }
  if (id === 3) send({ method: "exit" });
}

const uri = "untitled:add.ts";
const text = "export function add(a: number, b: number): number {\n  return a +\n}\n";
const settings = { completion: { maxTokens: 32 } }; // as in the editor, without `starcoder.`
send({
  id: 1,
  method: "initialize",
  params: { processId: process.pid, rootUri: null, capabilities: {}, initializationOptions: settings },
});
send({ method: "initialized", params: {} });
send({
  method: "textDocument/didOpen",
  params: { textDocument: { uri, languageId: "typescript", version: 1, text } },
});
send({
  id: 2,
  method: "textDocument/inlineCompletion",
  params: {
    textDocument: { uri },
    position: { line: 1, character: 12 },
    context: { triggerKind: 1 }, // 1: asked for by hand, waits for the model; 2: while typing
  },
});
