import type {
  CancellationToken,
  InlineCompletionItem,
  InlineCompletionParams,
} from "vscode-languageserver/node";
import type { Completer, CompletionDocument, CompletionRequest } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { failureFields } from "../logs/failureFields.ts";
import { whenReady } from "../engine/whenReady.ts";
import type { Logger } from "../logs/logger.ts";
import { createRequestIds } from "../logs/requestIds.ts";
import type { CodedError } from "../protocol/errors.ts";
import { isLanguageEnabled, type Settings } from "../protocol/settings.ts";
import { toInlineCompletionItem, toCursor, toTrigger, toWorkspacePath } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";

/** How long a request made by hand waits for a model that is being loaded. */
const waitForModelMs = 30_000;

export interface CompletionHandlerOptions {
  readonly completer: Completer;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: () => Settings;
  readonly documentOf: (uri: string) => OpenDocument | undefined;
  readonly folderUris: () => readonly string[];
  /** Marks work as begun; the returned function ends it. */
  readonly beginWork: () => () => void;
  /** A request made by hand failed: the user is owed an answer. */
  readonly onFailure: (error: CodedError) => void;
}

export interface CompletionHandler {
  /** Never rejects: no suggestion is an empty list. */
  complete(
    params: InlineCompletionParams,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]>;
  /** A document as the completer sees it. */
  describe(document: OpenDocument, text: string): CompletionDocument;
  /** The cursor rests in a document. */
  rest(uri: string, position: { readonly line: number; readonly character: number }): void;
}

/** Answers `textDocument/inlineCompletion`. */
export function createCompletionHandler(options: CompletionHandlerOptions): CompletionHandler {
  const { completer, engine, clock, logger, settings } = options;
  const requestIds = createRequestIds("s");

  function textOf(uri: string, requestId: string) {
    const document = options.documentOf(uri);
    const reason = refusal(document, settings());
    if (reason !== undefined) logger.for("completion").debug("refused", { requestId, reason });
    if (document?.content.kind !== "text" || reason !== undefined) return undefined;
    return { document, text: document.content.text };
  }

  function describe({ uri, languageId, version }: OpenDocument, text: string): CompletionDocument {
    const path = toWorkspacePath(uri, options.folderUris());
    return { uri, path, languageId, version, text };
  }

  async function complete(
    params: InlineCompletionParams,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const requestId = requestIds.next();
    const found = textOf(params.textDocument.uri, requestId);
    if (found === undefined || token.isCancellationRequested) return [];
    const cursor = toCursor(found.text, found.document, params.position);
    const trigger = toTrigger(params.context.triggerKind);
    const selected = selectionOf(found.document, params);
    const request: CompletionRequest = {
      document: describe(found.document, found.text),
      offset: cursor.offset,
      trigger,
      requestId,
      ...(selected === undefined ? {} : { selected }),
    };
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    const endWork = options.beginWork();
    try {
      if (trigger === "automatic") {
        await pause(clock, settings()["completion.delay"], abort.signal);
      } else {
        engine.start("explicit");
        await whenReady(engine, { clock, atMostMs: waitForModelMs, signal: abort.signal });
      }
      const result = await completer.complete(request, abort.signal);
      if (result.kind === "suggestion") {
        return [toInlineCompletionItem(result.suggestion, cursor)];
      }
      if (result.kind === "failed") {
        logger.for("completion").error("failed", { requestId, ...failureFields(result.error) });
        if (trigger === "invoked") options.onFailure(result.error);
      }
      return [];
    } finally {
      endWork();
      subscription.dispose();
    }
  }

  return {
    complete,
    describe,
    rest(uri, position) {
      const requestId = requestIds.nextWarm();
      const found = textOf(uri, requestId);
      if (found === undefined) return;
      const { document, text } = found;
      const { offset } = toCursor(text, document, position);
      completer.rest(describe(document, text), offset, requestId);
    },
  };
}

/** Why a document gets no suggestions, if so. */
function refusal(document: OpenDocument | undefined, settings: Settings): string | undefined {
  if (document === undefined) return "notOpen";
  if (!isLanguageEnabled(settings, document.languageId)) return "off";
  return document.content.kind === "text" ? undefined : document.content.kind;
}

/** The item selected in the suggestion widget, which the completion must start with. */
function selectionOf(
  document: OpenDocument,
  { context }: InlineCompletionParams,
): CompletionRequest["selected"] {
  const info = context.selectedCompletionInfo;
  if (info === undefined) return undefined;
  const { start, end } = info.range;
  return { text: info.text, start: document.offsetAt(start), end: document.offsetAt(end) };
}

/** Waits unless the request is given up first. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const give = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener("abort", give, { once: true });
  });
}
