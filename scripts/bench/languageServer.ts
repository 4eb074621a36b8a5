import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";

/** An item of a `textDocument/inlineCompletion` answer, as far as a benchmark looks. */
export interface InlineItem {
  readonly insertText: string | { readonly value: string };
}

/** A language server of its own process, driven over stdio as an editor would. */
export interface LanguageServer {
  readonly pid: number;
  open(uri: string, languageId: string, text: string): Promise<void>;
  insert(
    uri: string,
    version: number,
    line: number,
    character: number,
    text: string,
  ): Promise<void>;
  /** A signal takes the request back, as the editor does at the next key. */
  complete(
    uri: string,
    line: number,
    character: number,
    invoked: boolean,
    signal?: AbortSignal,
  ): Promise<InlineItem[]>;
  stop(): Promise<void>;
}

/**
 * Starts `dist/server.mjs --stdio` with a home of its own and initializes it.
 * @param settings nested, without the `starcoder.` prefix
 */
export async function startLanguageServer(
  home: string,
  settings: Record<string, unknown> = {},
): Promise<LanguageServer> {
  const child = spawn(process.execPath, ["dist/server.mjs", "--stdio"], {
    env: { ...process.env, STARCODER_HOME: home },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { inlineCompletion: {} } },
    initializationOptions: settings,
  });
  await connection.sendNotification("initialized", {});
  return {
    pid: child.pid ?? 0,
    open: (uri, languageId, text) =>
      connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId, version: 1, text },
      }),
    insert: (uri, version, line, character, text) =>
      connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range: { start: { line, character }, end: { line, character } }, text }],
      }),
    async complete(uri, line, character, invoked, signal) {
      const source = new CancellationTokenSource();
      signal?.addEventListener("abort", () => source.cancel(), { once: true });
      const answer = await connection.sendRequest<{ items: InlineItem[] } | InlineItem[] | null>(
        "textDocument/inlineCompletion",
        {
          textDocument: { uri },
          position: { line, character },
          context: { triggerKind: invoked ? 1 : 2 },
        },
        source.token,
      );
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    },
    async stop() {
      const ended = once(child, "exit");
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      await ended;
      connection.dispose();
    },
  };
}
