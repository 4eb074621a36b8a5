import * as vscode from "vscode";
import { availabilityOf } from "./availability.ts";
import { createCalmStatus } from "./calmStatus.ts";
import { createClientRun, type ClientRun } from "./client.ts";
import { systemClock } from "./clock.ts";
import { registerCommands } from "./commands/register.ts";
import { createContextKeys } from "./contextKeys.ts";
import { createDebugMode } from "./debugMode.ts";
import { createDebugModeItem, showDebugMode } from "./debugModeItem.ts";
import { createEndpointKeys } from "./endpointKeys.ts";
import { createExplainDocuments } from "./views/explainDocument.ts";
import { createCrashBudget } from "./crashBudget.ts";
import { gatherEditorFacts } from "./editorFacts.ts";
import { createInlineGate } from "./inline.ts";
import { createLateSuggestions } from "./lateSuggestion.ts";
import { createHubToken } from "./modelChoice/hubToken.ts";
import { createModelCalls } from "./modelChoice/modelCalls.ts";
import { createModels } from "./modelChoice/models.ts";
import { createRecommended } from "./modelChoice/recommended.ts";
import { nameModel } from "./modelText.ts";
import { createNotices } from "./notices.ts";
import { installReview } from "./findings/installReview.ts";
import { createRunCli } from "./runCli.ts";
import { watchRestingCursor } from "./restingCursor.ts";
import { isServedScheme } from "./schemes.ts";
import { createSettingsStore } from "./settings.ts";
import { showNotice } from "./showNotice.ts";
import { createSnooze } from "./snooze.ts";
import { createStatusItem } from "./status.ts";
import { installTerminalCommand } from "./terminalCommand.ts";
import { hasModelStep } from "./walkthrough.ts";
import { createLogsPanel } from "./views/logsPanel.ts";
import { viewStatus, type StatusView } from "./statusView.ts";
import { createSupervisor } from "./supervise.ts";
import { createHealthPanel } from "./views/healthPanel.ts";
import { createUntilReady } from "./untilReady.ts";
import { watchWindowFocus } from "./windowFocus.ts";
import { welcome } from "./welcome.ts";
import { createResultMemory } from "./generated/resultMemory.ts";
import { createResultPanel } from "./generated/resultPanel.ts";
import { createWorkflowClient } from "./generated/workflowClient.ts";

/** What tests and other extensions may ask. */
export interface ExtensionApi {
  /** Resolves when the server has first said that a model is ready. */
  readonly ready: Promise<void>;
  /** The state as the status item shows it. */
  status(): StatusView;
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
}

let stopServer: () => Promise<void> = () => Promise.resolve();

/** Wires the extension. The server, and all that takes time, starts after it has returned. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const startedAt = performance.now();
  const clock = systemClock;
  const log = vscode.window.createOutputChannel("StarCoder Local", { log: true });
  const settings = createSettingsStore();
  const snooze = createSnooze(clock);
  const calm = createCalmStatus(clock, 400);
  const item = createStatusItem();
  const late = createLateSuggestions();
  const setContext = createContextKeys();
  const toldKey = (message: string) => `told.${message}`;
  const notices = createNotices((notice) => void showNotice(notice), {
    has: (message) => context.globalState.get(toldKey(message), false),
    add: (message) => void context.globalState.update(toldKey(message), true),
  });
  const availability = (document: vscode.TextDocument | undefined) =>
    availabilityOf(settings.current, document?.languageId, snooze.minutesLeft() > 0);
  const isServed = (document: vscode.TextDocument) => isServedScheme(document.uri.scheme);

  const provideInlineCompletions = createInlineGate<
    vscode.TextDocument,
    vscode.Position,
    vscode.Range
  >({
    availability,
    isServed,
    invoked: vscode.InlineCompletionTriggerKind.Invoke,
    automatic: vscode.InlineCompletionTriggerKind.Automatic,
    takeLate: (document) => late.take(document),
    emptyRange: (position) => new vscode.Range(position, position),
    onSuggestion: () => {
      setContext("starcoder.suggested", true);
    },
    onNothing: () => {
      vscode.window.setStatusBarMessage("StarCoder has no suggestion here.", 3_000);
    },
    onError: (error) => {
      log.error(`No suggestion: ${String(error)}`);
    },
  });

  const supervisor = createSupervisor<ClientRun>({
    clock,
    budget: createCrashBudget(4, 3 * 60_000, 1_000),
    create: (onClosed) =>
      createClientRun({
        serverModule: context.asAbsolutePath("dist/server.mjs"),
        log,
        provideInlineCompletions,
        reviewMiddleware: review.middleware,
        onStatus: (status) => {
          calm.set(status);
          notices.onStatus(status);
        },
        onLateSuggestion: (suggestion) => {
          late.offer(suggestion);
        },
        onReviewState: (state) => {
          review.receive(state);
        },
        onWorkflowProgress: (progress) => {
          workflows.receive(progress);
        },
        onMessage: (severity, text) => {
          log[severity === "warning" ? "warn" : severity](text);
          if (severity !== "info") {
            notices.onMessage(severity, text);
          }
        },
        onRestartMe: () => {
          log.info("Another program asked for the language server to be restarted.");
          void supervisor.restart();
        },
        onClosed,
      }),
  });

  const review = installReview({
    supervisor,
    settings,
    log,
    extensionUri: context.extensionUri,
    setContext,
  });

  const workflows = createWorkflowClient(() => supervisor.running);
  const resultPanel = createResultPanel({
    extensionUri: context.extensionUri,
    memory: createResultMemory(context.workspaceState),
    clock,
  });

  const runCli = createRunCli(context.asAbsolutePath("dist/cli.mjs"));
  const facts = () =>
    gatherEditorFacts(context.extension, supervisor.state, supervisor.running?.serverVersion);
  const hubToken = createHubToken(context.secrets);
  const models = createModels({
    calls: createModelCalls({
      runCli,
      facts,
      hubToken: () => hubToken.read(),
    }),
    hubToken,
    recommended: createRecommended(context.globalState, (id) => {
      // One that has no step leaves the step for all.
      if (hasModelStep(context.extension, id)) setContext("starcoder.recommended", id);
    }),
  });
  const healthPanel = createHealthPanel({
    extensionUri: context.extensionUri,
    supervisor,
    status: calm,
    runCli,
    facts,
    clock,
  });

  const logsPanel = createLogsPanel({
    extensionUri: context.extensionUri,
    readerScript: context.asAbsolutePath("dist/logs.mjs"),
    settings,
    clock,
    log,
  });

  const explainDocuments = createExplainDocuments();
  const debugItem = createDebugModeItem();
  const debugMode = createDebugMode({
    supervisor,
    onChange(on) {
      debugItem.show(on);
      setContext("starcoder.debugMode", on);
    },
    onResult: (result) => {
      // Its addresses are new.
      if (result.inspectors.length > 0) void showDebugMode(result);
    },
    onError: (error) => {
      log.error(`Debug mode did not begin again: ${String(error)}`);
    },
  });

  const status = () => {
    const document = vscode.window.activeTextEditor?.document;
    return viewStatus({
      server: supervisor.state,
      status: calm.current,
      availability: availability(document),
      languageId: document?.languageId,
      snoozeMinutes: snooze.minutesLeft(),
    });
  };
  const draw = () => {
    item.draw(status());
    const here = availability(vscode.window.activeTextEditor?.document);
    setContext("starcoder.suggestions", here.kind === "on" ? "on" : here.why);
    const model = calm.current?.model;
    setContext("starcoder.model", model === undefined ? "none" : model.starter ? "starter" : "own");
  };
  const ready = new Promise<void>((resolve) => {
    const stopWaiting = calm.onChange((said) => {
      if (said?.state === "ok") {
        stopWaiting();
        resolve();
      }
    });
  });

  const focus = watchWindowFocus((method, params) => supervisor.running?.notify(method, params));

  const endpointKeys = createEndpointKeys({
    secrets: context.secrets,
    send: (method, params) => supervisor.running?.notify(method, params),
    onError: (error) => {
      log.error(`The keys of remote engines cannot be read: ${String(error)}`);
    },
  });

  supervisor.onState((state) => {
    if (state.kind === "running") {
      focus.tell();
      endpointKeys.tell();
    } else {
      calm.set(undefined);
    }
    if (state.kind === "restarting") {
      log.warn(`The language server is restarted: ${state.reason}`);
    }
    notices.onServerState(state);
    draw();
  });
  calm.onChange(draw);
  snooze.onChange(draw);
  context.subscriptions.push(
    log,
    settings,
    snooze,
    calm,
    item,
    focus,
    endpointKeys,
    review,
    healthPanel,
    explainDocuments,
    debugItem,
    debugMode,
    logsPanel,
    resultPanel,
    settings.onChange(() => {
      notices.reset();
      draw();
    }),
    vscode.window.onDidChangeActiveTextEditor(draw),
    watchRestingCursor(
      clock,
      200,
      (document) => isServed(document) && availability(document).kind === "on",
      (method, params) => supervisor.running?.notify(method, params),
    ),
    registerCommands({
      extension: context.extension,
      runCli,
      facts,
      healthPanel,
      explainDocuments,
      debugMode,
      availability,
      logsPanel,
      settings,
      snooze,
      notices,
      log,
      supervisor,
      review: review.client,
      findingActions: review.actions,
      reviewStatus: review.status,
      status,
      untilReady: createUntilReady({ supervisor, status: calm, clock }),
      model: () => (calm.current?.model === undefined ? undefined : nameModel(calm.current.model)),
      models,
      endpointKeys,
      workflows,
      resultPanel,
      service: () => calm.current,
    }),
  );
  stopServer = () => supervisor.stop();
  draw();
  setImmediate(() => {
    supervisor.start();
    welcome({ extension: context.extension, memory: context.globalState, models, log });
    installTerminalCommand({
      variables: context.environmentVariableCollection,
      folder: context.globalStorageUri.fsPath,
      cliPath: context.asAbsolutePath("dist/cli.mjs"),
      execPath: process.execPath,
    }).catch((error: unknown) => {
      log.warn(`Terminals do not have the starcoder command: ${String(error)}`);
    });
  });
  const activationMs = performance.now() - startedAt;
  log.info(`Activated in ${activationMs.toFixed(1)} ms.`);
  return { ready, status, activationMs };
}

/** The editor waits a few seconds for the server to end. */
export function deactivate(): Promise<void> {
  return stopServer();
}
