import type * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type Middleware,
  type ServerOptions,
  type StaticFeature,
} from "vscode-languageclient/node";
import type { ClientOptions } from "./client.ts";
import { isServedScheme } from "./schemes.ts";
import { readRawSettings } from "./settings.ts";

/** Messages of the client library go to the log: what the user is told is decided elsewhere. */
class QuietLanguageClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }
  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }
}

/**
 * The client of one server run; nothing runs before its `start`. This file brings in the client
 * library, which takes time to load: import it only when a server is started.
 */
export function createLanguageClient(
  options: ClientOptions,
  reportClosed: () => void,
): LanguageClient {
  const client = new QuietLanguageClient(
    "starcoder",
    "StarCoder Local",
    serverOptions(options.serverModule),
    clientOptions(options, reportClosed),
  );
  client.registerFeature(declaration);
  return client;
}

/** What this client does beyond LSP, so that the server offers it. */
const declaration: StaticFeature = {
  fillClientCapabilities(capabilities) {
    const others: unknown = capabilities.experimental;
    capabilities.experimental = {
      ...(typeof others === "object" ? others : {}),
      starcoder: { turnRuleOff: true, filtersDiagnostics: true },
    };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

function serverOptions(module: string): ServerOptions {
  const run = { module, transport: TransportKind.ipc };
  return {
    run,
    debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6009"] } },
  };
}

function clientOptions(options: ClientOptions, reportClosed: () => void): LanguageClientOptions {
  return {
    documentSelector: [{ scheme: "*" }],
    initializationOptions: readRawSettings,
    outputChannel: options.log,
    traceOutputChannel: options.log,
    middleware: createMiddleware(options),
    initializationFailedHandler: () => false,
    errorHandler: {
      error(_error, _message, count) {
        if (count !== undefined && count <= 3) {
          return { action: ErrorAction.Continue, handled: true };
        }
        reportClosed();
        return { action: ErrorAction.Shutdown, handled: true };
      },
      closed() {
        reportClosed();
        return {
          action: CloseAction.DoNotRestart,
          handled: true,
          message: "The connection to the language server ended.",
        };
      },
    },
  };
}

/** Document selectors cannot say "every scheme but", so the messages of the others end here. */
function createMiddleware(options: ClientOptions): Middleware {
  const served = (document: vscode.TextDocument) => isServedScheme(document.uri.scheme);
  return {
    didOpen: (document, next) => (served(document) ? next(document) : Promise.resolve()),
    didChange: (event, next) => (served(event.document) ? next(event) : Promise.resolve()),
    didSave: (document, next) => (served(document) ? next(document) : Promise.resolve()),
    didClose: (document, next) => (served(document) ? next(document) : Promise.resolve()),
    provideInlineCompletionItems: options.provideInlineCompletions,
    ...options.reviewMiddleware,
  };
}
