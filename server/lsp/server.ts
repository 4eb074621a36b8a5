import {
  MessageType,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import {
  cursorNotification,
  cursorParamsSchema,
  windowFocusNotification,
  windowFocusParamsSchema,
  lateSuggestionNotification,
  statusNotification,
  type LateSuggestion,
} from "../protocol/editor.ts";
import type { CodedError, ErrorCode } from "../protocol/errors.ts";
import type { ParsedSettings, SettingProblem } from "../protocol/parseSettings.ts";
import { readApiRun } from "../state/apiRun.ts";
import { locateHome } from "../state/home.ts";
import { createApiService } from "./api.ts";
import { createLaunchApi } from "./launchApi.ts";
import { createCompletionHandler } from "./completion.ts";
import { createConfiguration, type Configuration } from "./configuration.ts";
import { serveDoctor } from "./doctor.ts";
import { createDocumentFactory } from "./documents.ts";
import { serveEndpointKeys } from "./endpointKeys.ts";
import { createOpenFilesFeed } from "./openFilesFeed.ts";
import { serveDebugMode } from "./debugMode.ts";
import { serveExplain } from "./explain.ts";
import { serveModels } from "./models.ts";
import { createProgressPort } from "./progressPort.ts";
import { serveRestart } from "./restart.ts";
import { serveReview } from "./review/serve.ts";
import { createStatusReporter } from "./status.ts";
import { serveTroubleshooting } from "./troubleshooting.ts";
import { serveWorkflow } from "./workflow.ts";

export interface ServerOptions {
  readonly connection: Connection;
  readonly product: Product;
  /** The client is there: from now on it may be sent log messages. */
  readonly onInitialized: () => void;
}

/** How long what runs may take to end with what it has, in milliseconds: clients wait two seconds. */
const finishMs = 1500;

export interface Server {
  /** What runs ends with the best it has, and that is kept. For when the client goes; never rejects. */
  finish(): Promise<void>;
}

/** Serves one client over a connection; call before `connection.listen()`. */
export function createServer(options: ServerOptions): Server {
  const { connection, product } = options;
  const { engine, completer, clock, logger } = product;
  const documents = new TextDocuments(
    createDocumentFactory((edits) => product.stats.edited(edits)),
  );
  let configuration: Configuration | undefined;
  let folderUris: readonly string[] = [];
  let foldersChange = false;
  let showsProgress = false;
  let isBegun = false;
  let failureShown: ErrorCode | undefined;
  const toldProblems = new Set<string>();

  let apiProblem: CodedError | undefined;
  const api = createApiService({
    product,
    launch: createLaunchApi(product.productRoot),
    isServed: () => readApiRun(locateHome()) !== undefined,
    onProblem(problem) {
      apiProblem = problem;
      status.refresh();
    },
  });

  const status = createStatusReporter({
    engine,
    clock,
    isEnabled: () => product.settings.enabled,
    isStarter: (path) => product.isStarter(path),
    endpoints: () => product.endpoints(),
    onEndpoints: (listener) => product.onEndpoints(listener),
    otherProblem: () => apiProblem,
    send(current) {
      // A client that is gone needs no status; the lost connection ends the process by itself.
      connection.sendNotification(statusNotification.method, current).catch(() => undefined);
    },
  });
  const completion = createCompletionHandler({
    completer,
    engine,
    clock,
    logger,
    settings: () => product.settings,
    documentOf: (uri) => documents.get(uri),
    folderUris: () => folderUris,
    beginWork: () => status.beginWork(),
    onFailure(error) {
      if (failureShown === error.code) return;
      failureShown = error.code;
      const { code, message, remedy } = error.toData();
      show(MessageType.Error, `${code}: ${message} ${remedy}`);
    },
  });

  const openFiles = createOpenFilesFeed({
    openFiles: product.openFiles,
    clock,
    isWanted: () => product.settings["context.otherFiles"],
    describe: (document, text) => completion.describe(document, text),
  });

  const progress = createProgressPort(connection, () => showsProgress);
  const models = serveModels({ connection, product, progress });
  const { reviewer } = product;
  const review = serveReview({
    connection,
    product,
    reviewer,
    documents,
    folderUris: () => folderUris,
    progress,
  });

  const workflows = serveWorkflow({
    connection,
    product,
    documentOf: (uri) => documents.get(uri),
    folderUris: () => folderUris,
    progress,
    onUnkept({ code, message }) {
      show(MessageType.Warning, `${code}: The result is not kept. ${message}`);
    },
  });

  function putInForce({ settings, problems }: ParsedSettings): void {
    const all = [...problems, ...product.apply(settings)];
    for (const problem of all) tell(problem);
    if (settings.enabled) engine.start("background");
    status.setProblems(all);
    review.refresh();
    if (isBegun) api.refresh();
  }

  function show(type: MessageType, message: string): void {
    connection
      .sendNotification(ShowMessageNotification.type, { type, message })
      .catch(() => undefined);
  }

  function tell({ code, key, message }: SettingProblem): void {
    if (toldProblems.has(message)) return;
    toldProblems.add(message);
    logger.warn("a setting is not valid", { code, key, detail: message });
    show(MessageType.Warning, `${code}: ${message}`);
  }

  function changeFolders({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => uri));
    folderUris = [...folderUris.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { capabilities, workspaceFolders } = params;
    const initializationOptions: unknown = params.initializationOptions;
    folderUris = workspaceFolders?.map(({ uri }) => uri) ?? [];
    showsProgress = capabilities.window?.workDoneProgress === true;
    foldersChange = capabilities.workspace?.workspaceFolders === true;
    configuration = createConfiguration({
      connection,
      capabilities,
      initializationOptions,
      onSettings: putInForce,
      onNetwork(network) {
        product.setNetwork(network);
        api.setNetwork(network);
      },
    });
    if (configuration.isInitialFinal) {
      // The model takes longest: it loads while client and server are still introducing themselves.
      const { settings } = configuration.initial;
      product.apply(settings);
      if (settings.enabled) engine.start("background");
    }
    const { workspace, ...reviewCapabilities } = review.initialize(params);
    return {
      serverInfo: { name: "StarCoder Local", version: product.version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        inlineCompletionProvider: true,
        ...reviewCapabilities,
        workspace: {
          ...workspace,
          workspaceFolders: { supported: true, changeNotifications: true },
        },
      },
    };
  });

  connection.onInitialized(async () => {
    options.onInitialized();
    if (foldersChange) connection.workspace.onDidChangeWorkspaceFolders(changeFolders);
    if (configuration?.isInitialFinal === true) putInForce(configuration.initial);
    await configuration?.begin();
    progress.begin();
    review.begin();
    models.begin();
    isBegun = true;
    api.refresh();
    product.followChoice();
    product.reportEndpoints();
    status.refresh();
  });

  connection.languages.inlineCompletion.on((params, token) => completion.complete(params, token));

  completer.onLate(({ document: { uri, version }, offset }) => {
    const document = documents.get(uri);
    if (document?.version !== version) return;
    const late: LateSuggestion = { uri, version, position: document.positionAt(offset) };
    connection.sendNotification(lateSuggestionNotification.method, late).catch(() => undefined);
  });

  documents.onDidChangeContent(({ document }) => openFiles.changed(document));
  documents.onDidClose(({ document: { uri } }) => {
    completer.close(uri);
    openFiles.closed(uri);
  });
  documents.onDidSave(({ document: { uri } }) => {
    if (/\/\.(git|starcoder)ignore$/.test(uri)) product.projects.forget();
  });
  documents.listen(connection);

  connection.onNotification(cursorNotification.method, (raw: unknown) => {
    const params = cursorParamsSchema.safeParse(raw);
    if (!params.success) return;
    // A model that idled is back by the time something is typed.
    const { state } = engine;
    if (state.kind === "unloaded" && state.why === "idle") engine.start("background");
    completion.rest(params.data.textDocument.uri, params.data.position);
  });
  connection.onNotification(windowFocusNotification.method, (raw: unknown) => {
    const params = windowFocusParamsSchema.safeParse(raw);
    if (params.success) engine.setFocused(params.data.focused);
  });

  serveTroubleshooting({ connection, product, documents, status: () => status.current });
  serveDoctor(connection, product);
  serveExplain({
    connection,
    product,
    documentOf: (uri) => documents.get(uri),
    folderUris: () => folderUris,
  });
  serveDebugMode({ connection, product });
  serveEndpointKeys(connection, {
    setEndpointKeys(keys) {
      product.setEndpointKeys(keys);
      api.setEndpointKeys(keys);
    },
  });
  serveRestart(connection, engine, () => {
    failureShown = undefined;
  });

  connection.onShutdown(async () => {
    await workflows.finish(finishMs);
    openFiles.dispose();
    review.dispose();
    models.dispose();
    api.dispose();
    status.dispose();
    // The log is closed with the product, before the process ends.
    logger.info("server ends", { reason: "shutdown" });
    product.dispose();
  });

  return { finish: () => workflows.finish(finishMs) };
}
