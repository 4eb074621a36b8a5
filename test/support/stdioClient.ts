import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";

const serverScript = fileURLToPath(new URL("../../dist/server.mjs", import.meta.url));

/** A JSON-RPC message as it came. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A language client of a few lines, which can also misbehave. */
export interface StdioClient {
  readonly process: ChildProcessWithoutNullStreams;
  readonly received: readonly Message[];
  readonly stderr: () => string;
  /** Sends a request; the promise carries the whole answer. */
  request(method: string, params: unknown): Promise<Message> & { readonly id: number };
  notify(method: string, params: unknown): void;
  /** Sends bytes as they are. */
  write(bytes: string | Buffer): void;
  /** Settles with the first message, past or future, that fits. */
  seen(fits: (message: Message) => boolean): Promise<Message>;
  /** Answers what the server asks; without it, requests of the server get null. */
  answer(method: string, result: (params: unknown) => unknown): void;
  /** `initialize` and `initialized`. */
  initialize(options?: {
    initializationOptions?: unknown;
    capabilities?: object;
  }): Promise<Message>;
  /** The code the server ended with. */
  readonly ended: Promise<number | null>;
  /** Shuts down properly; kills what does not end. */
  close(): Promise<void>;
}

/** Starts `dist/server.mjs --stdio` in a home, with variables beside those of this process. */
export function startStdioClient(
  home: string,
  variables: Readonly<Record<string, string>> = {},
): StdioClient {
  const server = spawn(process.execPath, [serverScript, "--stdio"], {
    env: { ...process.env, ...variables, STARCODER_HOME: home },
  });
  const received: Message[] = [];
  const watchers = new Set<(message: Message) => void>();
  const answers = new Map<string, (params: unknown) => unknown>();
  let buffer = Buffer.alloc(0);
  let stderr = "";
  let nextId = 0;
  server.stdin.on("error", () => undefined);
  server.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  server.stdout.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(buffer.toString("latin1", 0, end))?.[1]);
      if (buffer.length < end + 4 + length) return;
      receive(JSON.parse(buffer.toString("utf8", end + 4, end + 4 + length)) as Message);
      buffer = buffer.subarray(end + 4 + length);
    }
  });
  const ended = new Promise<number | null>((resolve) => {
    server.once("exit", (code) => resolve(code));
  });

  function receive(message: Message): void {
    received.push(message);
    for (const watcher of [...watchers]) watcher(message);
    if (message.id !== undefined && message.method !== undefined) {
      const result = answers.get(message.method)?.(message.params) ?? null;
      send({ id: message.id, result });
    }
  }

  function send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  function write(bytes: string | Buffer): void {
    if (server.stdin.writable) server.stdin.write(bytes);
  }

  function seen(fits: (message: Message) => boolean): Promise<Message> {
    const past = received.find(fits);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const watcher = (message: Message): void => {
        if (!fits(message)) return;
        watchers.delete(watcher);
        resolve(message);
      };
      watchers.add(watcher);
      void ended.then((code) => {
        reject(new Error(`the server ended with ${String(code)}: ${stderr}`));
      });
    });
  }

  const client: StdioClient = {
    process: server,
    received,
    stderr: () => stderr,
    request(method, params) {
      nextId += 1;
      const id = nextId;
      const answered = seen((message) => message.id === id && message.method === undefined);
      send({ id, method, params });
      return Object.assign(answered, { id });
    },
    notify: (method, params) => send({ method, params }),
    write,
    seen,
    answer: (method, result) => answers.set(method, result),
    async initialize(options = {}) {
      const answered = await client.request("initialize", {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
        ...options,
      });
      client.notify("initialized", {});
      return answered;
    },
    ended,
    async close() {
      if (server.exitCode !== null) return;
      const kill = setTimeout(() => server.kill("SIGKILL"), 5000);
      client.request("shutdown", null).then(
        () => client.notify("exit", null),
        () => undefined,
      );
      await ended;
      clearTimeout(kill);
    },
  };
  return client;
}

/** An invoked (1) or automatic (2) request at a position. */
export function inlineCompletionAt(
  uri: string,
  line: number,
  character: number,
  triggerKind: 1 | 2 = 1,
): object {
  return { textDocument: { uri }, position: { line, character }, context: { triggerKind } };
}

/** The texts of the items in an answer. */
export function itemTexts(answer: Message): string[] {
  const result = answer.result as { items?: unknown[] } | unknown[] | null;
  const items = Array.isArray(result) ? result : (result?.items ?? []);
  return items.map((item) => (item as { insertText: string }).insertText);
}
