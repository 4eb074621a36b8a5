import {
  FileChangeType,
  LSPErrorCodes,
  PublishDiagnosticsNotification,
  ResponseError,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
  type TextDocuments,
} from "vscode-languageserver/node";
import type { Product } from "../../compose/compose.ts";
import {
  clearReviewParamsSchema,
  clearReviewRequest,
  dismissParamsSchema,
  dismissRequest,
  findingsParamsSchema,
  findingsRequest,
  reviewRequest,
  reviewServerCommands,
  reviewStateNotification,
  type DismissParams,
  type ReviewFinding,
} from "../../protocol/review.ts";
import { suppressionEdit } from "../../review/suppress.ts";
import type { ReviewDocument, Reviewer } from "../../review/types.ts";
import { toWorkspacePath } from "../convert.ts";
import type { OpenDocument } from "../documents.ts";
import { createBoard } from "./board.ts";
import { readClientTraits, type ClientTraits } from "./clientTraits.ts";
import { codeActionKinds, toCodeActions } from "./codeActions.ts";
import { toDiagnostic } from "./diagnostic.ts";
import { toHover } from "./hover.ts";
import type { ProgressPort } from "./progress.ts";
import { coded, parseParams, readReviewParams } from "./requests.ts";
import { createReviewRuns } from "./review.ts";
import { overlap } from "./tracked.ts";

export interface ServeReviewOptions {
  readonly connection: Connection;
  readonly product: Pick<Product, "engine" | "clock" | "logger" | "settings" | "productRoot">;
  readonly reviewer: Reviewer;
  readonly documents: TextDocuments<OpenDocument>;
  readonly folderUris: () => readonly string[];
  readonly progress: ProgressPort;
}

/** Review, as one client sees it. */
export interface ReviewService {
  /** For `initialize`: learns what the client can and says what the server does. */
  initialize(params: InitializeParams): ServerCapabilities;
  /** For `initialized`. */
  begin(): void;
  /** Settings changed. */
  refresh(): void;
  dispose(): void;
}

const fileFilter = { filters: [{ scheme: "file", pattern: { glob: "**" } }] };

/** Serves review over a connection; call before `connection.listen()`. */
export function serveReview(options: ServeReviewOptions): ReviewService {
  const { connection, product, reviewer, documents, folderUris } = options;
  const { engine, clock, logger, productRoot } = product;
  const settings = () => product.settings;
  let traits: ClientTraits = readClientTraits({});

  function describe({ uri, languageId, version }: OpenDocument, text: string): ReviewDocument {
    return { uri, path: toWorkspacePath(uri, folderUris()), languageId, version, text };
  }

  function documentOf(uri: string): ReviewDocument | undefined {
    const document = documents.get(uri);
    if (document?.content.kind !== "text") return undefined;
    return describe(document, document.content.text);
  }

  const board = createBoard({
    clock,
    settings,
    documentOf,
    toDiagnostic: (uri, finding) => toDiagnostic(uri, finding, traits, productRoot),
    publish(params) {
      connection
        .sendNotification(PublishDiagnosticsNotification.type, params)
        .catch(() => undefined);
    },
    sendState(state) {
      connection.sendNotification(reviewStateNotification.method, state).catch(() => undefined);
    },
  });

  const runs = createReviewRuns({
    reviewer,
    board,
    engine,
    clock,
    logger,
    settings,
    documentOf,
    progress: options.progress,
  });

  async function dismiss(params: DismissParams): Promise<null> {
    if ("restore" in params) {
      await reviewer.restoreDismissed();
      board.restoreDismissed();
      return null;
    }
    board.dismiss(params.uri, params.fingerprint);
    await reviewer.dismiss(params.uri, params.fingerprint);
    return null;
  }

  function clear(uri: string | undefined): null {
    runs.stop(uri);
    if (uri === undefined) board.clearAll();
    else board.clear(uri);
    return null;
  }

  async function review(raw: unknown, token: CancellationToken) {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    if (token.isCancellationRequested) abort.abort();
    try {
      const commanded = await readReviewParams(raw, {
        documentOf: (uri) => documents.get(uri),
        describe,
        pathOf: (uri) => toWorkspacePath(uri, folderUris()),
      });
      const result = await runs.review(commanded, abort.signal);
      if (result !== undefined) return result;
    } finally {
      subscription.dispose();
    }
    const byClient = abort.signal.aborted;
    const code = byClient ? LSPErrorCodes.RequestCancelled : LSPErrorCodes.ServerCancelled;
    throw new ResponseError(code, byClient ? "Cancelled." : "Given up for a newer review.");
  }

  documents.onDidOpen(({ document: { uri } }) => runs.opened(uri));
  documents.onDidChangeContent(({ document: { uri } }) => board.changed(uri));
  documents.onDidSave(({ document: { uri } }) => runs.saved(uri));
  documents.onDidClose(({ document: { uri } }) => runs.closed(uri));

  /** The documents that are, or lately were, open and lie at or in this place. */
  function within(uri: string): string[] {
    const uris = new Set([...documents.keys(), ...runs.lately()]);
    return [...uris].filter((each) => each === uri || each.startsWith(`${uri}/`));
  }

  connection.workspace.onDidRenameFiles(({ files }) => {
    for (const { oldUri, newUri } of files) {
      for (const from of within(oldUri)) runs.renamed(from, newUri + from.slice(oldUri.length));
    }
  });
  connection.workspace.onDidDeleteFiles(({ files }) => {
    for (const { uri } of files) for (const each of within(uri)) runs.deleted(each);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (type === FileChangeType.Deleted) for (const each of within(uri)) runs.deleted(each);
    }
  });

  connection.onRequest(reviewRequest.method, (raw: unknown, token: CancellationToken) =>
    coded(() => review(raw, token)),
  );
  connection.onRequest(findingsRequest.method, (raw: unknown) =>
    coded(() => {
      const { uri } = parseParams(findingsRequest.method, findingsParamsSchema, raw);
      return board.snapshot(uri);
    }),
  );
  connection.onRequest(clearReviewRequest.method, (raw: unknown) =>
    coded(() => clear(parseParams(clearReviewRequest.method, clearReviewParamsSchema, raw).uri)),
  );
  connection.onRequest(dismissRequest.method, (raw: unknown) =>
    coded(() => dismiss(parseParams(dismissRequest.method, dismissParamsSchema, raw))),
  );
  connection.onExecuteCommand(({ command, arguments: given }) =>
    coded(() => dismiss(parseParams(command, dismissParamsSchema, given?.[0]))),
  );

  connection.onCodeAction(({ textDocument: { uri }, range, context }) => {
    const document = documentOf(uri);
    if (document === undefined) return [];
    const suppress = (finding: ReviewFinding, where: "line" | "file") =>
      suppressionEdit(document, finding, where);
    const { version } = document;
    const findings = board.shown(uri);
    const only = context.only;
    return toCodeActions({ uri, version, findings, range, only, traits, productRoot, suppress });
  });
  connection.onHover(({ textDocument: { uri }, position }) => {
    const document = documentOf(uri);
    const place = { start: position, end: position };
    const finding = board.shown(uri).find(({ range }) => overlap(range, place));
    if (document === undefined || finding === undefined) return null;
    const { text, languageId } = document;
    return toHover({ finding, text, languageId, markdown: traits.markdownHover, productRoot });
  });

  return {
    initialize({ capabilities }) {
      traits = readClientTraits(capabilities);
      return {
        codeActionProvider: traits.codeActionLiterals ? { codeActionKinds } : true,
        hoverProvider: true,
        executeCommandProvider: { commands: [reviewServerCommands.dismiss] },
        workspace: { fileOperations: { didRename: fileFilter, didDelete: fileFilter } },
      };
    },
    begin() {
      if (traits.filtersDiagnostics) return;
      logger.for("review").info("findings are not filtered against other tools' diagnostics", {
        reason: "the client does not declare experimental.starcoder.filtersDiagnostics",
      });
    },
    refresh() {
      runs.refresh();
      board.refresh();
    },
    dispose() {
      runs.dispose();
      board.dispose();
      reviewer.dispose();
    },
  };
}
