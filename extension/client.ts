import type * as vscode from "vscode";
import type { LanguageClient, Middleware } from "vscode-languageclient/node";
import { z } from "zod";
import {
  lateSuggestionNotification,
  lateSuggestionSchema,
  statusNotification,
  statusSchema,
  type LateSuggestion,
  type Status,
} from "../server/protocol/editor.ts";
import { CodedError } from "../server/protocol/errors.ts";
import { restartMeNotification } from "../server/protocol/repair.ts";
import {
  reviewStateNotification,
  reviewStateSchema,
  type ReviewState,
} from "../server/protocol/review.ts";
import {
  workflowProgressNotification,
  workflowProgressWithTokenSchema,
  type WorkflowProgressWithToken,
} from "../server/protocol/workflow.ts";
import type { ServerRun } from "./supervise.ts";

export interface ClientOptions {
  /** Path of the bundled language server. */
  readonly serverModule: string;
  readonly log: vscode.LogOutputChannel;
  readonly provideInlineCompletions: NonNullable<Middleware["provideInlineCompletionItems"]>;
  /** Keeps findings back that other tools' errors cover. */
  readonly reviewMiddleware: Pick<
    Middleware,
    "handleDiagnostics" | "provideHover" | "provideCodeActions"
  >;
  onStatus(status: Status): void;
  onLateSuggestion(late: LateSuggestion): void;
  onReviewState(state: ReviewState): void;
  onWorkflowProgress(progress: WorkflowProgressWithToken): void;
  /** The server asks for a message to be shown. */
  onMessage(severity: "error" | "warning" | "info", text: string): void;
  /** The server is about to end because someone asked for it to be started anew. */
  onRestartMe(): void;
  /** The connection ended without `stop`; called at most once. */
  onClosed(): void;
}

/** LSP's parameters of `window/showMessage`; type 1 is an error, 2 a warning. */
const showMessageSchema = z.object({ type: z.number(), message: z.string() });

/** A language server with its connection, started once. */
export interface ClientRun extends ServerRun {
  /** As the server said of itself; undefined while it is not connected. */
  readonly serverVersion: string | undefined;
  /** Rejects when the server is not running or answers with an error. */
  request(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<unknown>;
  /** Sends and forgets. */
  notify(method: string, params: unknown): void;
}

/** Makes a server run; nothing is loaded or started before `start`. */
export function createClientRun(options: ClientOptions): ClientRun {
  const { log } = options;
  let client: LanguageClient | undefined;
  let stopped = false;
  let closed = false;

  function reportClosed(): void {
    if (!closed) {
      closed = true;
      // The library is still in the middle of handling the close when it tells.
      setImmediate(() => {
        options.onClosed();
      });
    }
  }

  function receiveStatus(raw: unknown): void {
    const parsed = statusSchema.safeParse(raw);
    if (parsed.success) {
      options.onStatus(parsed.data);
    } else {
      log.error(`starcoder/status: ${parsed.error.message}`);
    }
  }

  function receiveLate(raw: unknown): void {
    const parsed = lateSuggestionSchema.safeParse(raw);
    if (parsed.success) {
      options.onLateSuggestion(parsed.data);
    }
  }

  function receiveReviewState(raw: unknown): void {
    const parsed = reviewStateSchema.safeParse(raw);
    if (parsed.success) {
      options.onReviewState(parsed.data);
    } else {
      log.error(`${reviewStateNotification.method}: ${parsed.error.message}`);
    }
  }

  function receiveMessage(raw: unknown): void {
    const parsed = showMessageSchema.safeParse(raw);
    if (parsed.success) {
      const { type, message } = parsed.data;
      options.onMessage(type === 1 ? "error" : type === 2 ? "warning" : "info", message);
    }
  }

  return {
    get serverVersion() {
      return client?.initializeResult?.serverInfo?.version;
    },
    async start() {
      const { createLanguageClient } = await import("./languageClient.ts");
      if (stopped) {
        return;
      }
      client = createLanguageClient(options, reportClosed);
      client.onNotification(statusNotification.method, receiveStatus);
      client.onNotification(lateSuggestionNotification.method, receiveLate);
      client.onNotification(reviewStateNotification.method, receiveReviewState);
      client.onNotification(workflowProgressNotification.method, (raw: unknown) => {
        const parsed = workflowProgressWithTokenSchema.safeParse(raw);
        if (parsed.success) options.onWorkflowProgress(parsed.data);
      });
      client.onNotification(restartMeNotification.method, () => {
        // The library is still reading: it must not be disposed of in the middle of that.
        setImmediate(() => {
          options.onRestartMe();
        });
      });
      // Replaces the library's handler, which shows every message as it comes.
      client.onNotification("window/showMessage", receiveMessage);
      await client.start();
    },
    async stop() {
      stopped = true;
      try {
        await client?.dispose();
      } catch (error) {
        // It was not running; the library still ends the process.
        log.debug(`stop: ${String(error)}`);
      }
    },
    async request(method, params, token) {
      if (client === undefined) {
        throw new CodedError("SERVER_DIED", "It is not running.");
      }
      // An undefined token would be sent as a second parameter.
      const cancellation = token === undefined ? [] : [token];
      return params === undefined
        ? client.sendRequest<unknown>(method, ...cancellation)
        : client.sendRequest<unknown>(method, params, ...cancellation);
    },
    notify(method, params) {
      client?.sendNotification(method, params).catch((error: unknown) => {
        log.debug(`${method}: ${String(error)}`);
      });
    },
  };
}
