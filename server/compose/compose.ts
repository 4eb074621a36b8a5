import { join } from "node:path";
import { createContext } from "../completion/context/context.ts";
import { exclusionOf } from "../completion/context/excluded.ts";
import { createOpenFiles, type OpenFiles } from "../completion/context/openFiles.ts";
import { createCompletion } from "../completion/createCompletion.ts";
import type { Completer } from "../completion/types.ts";
import { systemClock, type Clock } from "../engine/clock.ts";
import { inBackground } from "../engine/inBackground.ts";
import { createHostProcesses } from "../engine/local/hostProcess.ts";
import { createLocalEngine, type LocalEngine } from "../engine/local/localEngine.ts";
import type { Logger, LogSink } from "../logs/logger.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import type { EndpointStatus } from "../protocol/endpoints.ts";
import { createLastErrors } from "../health/snapshot/lastErrors.ts";
import { createRecentRequests } from "../health/snapshot/recentRequests.ts";
import type { Health } from "../protocol/health.ts";
import type { ModelList } from "../protocol/models.ts";
import type { DoctorReport } from "../protocol/records.ts";
import { toCodedError } from "../protocol/errors.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";
import { defaultSettings, type Settings } from "../protocol/settings.ts";
import { productVersion } from "../protocol/version.ts";
import type { Status } from "../protocol/status.ts";
import type { Reviewer } from "../review/types.ts";
import type { Workflow } from "../workflow/types.ts";
import { readChosenModel } from "../state/chosenModel.ts";
import { locateHome } from "../state/home.ts";
import { createWorkflowHistory, type WorkflowHistory } from "../state/workflowHistory.ts";
import { createDismissals } from "../state/dismissals.ts";
import type { Snapshots } from "../state/snapshots.ts";
import { createSyntaxService, type Syntax } from "../syntax/syntaxService.ts";
import { createGit, type Git } from "../workspace/git.ts";
import { createProjects, type Projects } from "../workspace/projects.ts";
import type { DoctorRequest } from "./composeDoctor.ts";
import type { Downloads } from "./composeDownloads.ts";
import type { ModelListRequest } from "./composeModels.ts";
import { createExplainer, type Explainer } from "../completion/explain/explainer.ts";
import { composeEngine } from "./composeEngine.ts";
import { composeHealth } from "./composeHealth.ts";
import { composeLogging, type LogControl } from "./composeLogging.ts";
import type { ReviewPrompts } from "./composeReviewPrompts.ts";
import { composeReviewer } from "./composeReviewer.ts";
import { lazyWorkflow } from "./lazyWorkflow.ts";
import { composeStats, type ProductStats } from "./composeStats.ts";
import { chooseModel, completionSettingsOf, hostConfigOf } from "./fromSettings.ts";
import { followChoice } from "./followChoice.ts";
import { findProductRoot } from "./productRoot.ts";
import { reportEndpoints } from "./reportEndpoints.ts";
import { traceRequests } from "./traceRequests.ts";

export interface ComposeOptions {
  /** Who asks, in the host's log, such as `language server`. */
  readonly clientName: string;
  /** Name of the log file, without extension. */
  readonly logName: string;
  readonly settings?: Settings;
  /** Further sinks beside the log file, such as the editor's output. */
  readonly sinks?: readonly LogSink[];
  readonly clock?: Clock;
  readonly homePath?: string;
  readonly productRoot?: string;
  /** Nobody waits at a cursor: all it asks of a model gives way to whoever types. */
  readonly background?: boolean;
}

/** Everything that serves, wired; what a server, the command line and the tests hold. */
export interface Product {
  readonly version: string;
  /** Folder that holds `dist/`, `media/` and `docs/`. */
  readonly productRoot: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How it logs, changeable while it runs. */
  readonly logControl: LogControl;
  /** Remote engines where the settings name some, else the local one. */
  readonly engine: LocalEngine;
  /** Remote engines that the settings name, as they are. */
  endpoints(): readonly EndpointStatus[];
  /** Told whenever something of one has changed; returns what ends the subscription. */
  onEndpoints(listener: () => void): () => void;
  /** Keys of remote engines by the `url` of their entry; they go before the environment's. */
  setEndpointKeys(keys: Readonly<Record<string, string>>): void;
  /** The editor's own network settings, for remote engines; they go before the environment's. */
  setNetwork(network: EditorNetwork | undefined): void;
  readonly completer: Completer;
  readonly explainer: Explainer;
  /** What the model would be sent for a review; nothing is reviewed and nothing remembered. */
  readonly promptsOfReview: ReviewPrompts;
  /** Logs what happens to each request, step by step, at level `debug`. */
  traceRequests(on: boolean): void;
  readonly reviewer: Reviewer;
  /** Code from a task: generated, reviewed, revised. */
  readonly workflow: Workflow;
  readonly git: Git;
  readonly syntax: Syntax;
  /** What may be shown to the model beside a document; told by the language server. */
  readonly openFiles: OpenFiles;
  readonly projects: Projects;
  readonly settings: Settings;
  /** Puts settings in force; the problems are what validation by type cannot see. */
  apply(settings: Settings): readonly SettingProblem[];
  /** From now on a model chosen for the home, by whatever program, is taken into use. For servers. */
  followChoice(): void;
  /** From now on the other programs of the home are told of its remote engines. For servers. */
  reportEndpoints(): void;
  /** Absolute path of the model that the settings choose. */
  readonly modelPath: string;
  /** Whether a model is the bundled starter. */
  isStarter(modelPath: string): boolean;
  /** Server and host as they are now; answers within 2.5 s whatever hangs. */
  readHealth(status: Status): Promise<Health>;
  readonly stats: ProductStats;
  /** Results of workflows that are kept in this home. */
  readonly history: WorkflowHistory;
  /** Examines the machine by the settings in force; never rejects. */
  runDoctor(request?: DoctorRequest): Promise<DoctorReport>;
  /** The downloads of models of this home, whoever downloads. */
  downloads(): Promise<Downloads>;
  /** The models of this machine; with `offered` also what can be had, which takes seconds. */
  listModels(request?: ModelListRequest): Promise<ModelList>;
  /** Lets go of the host, which lives on for others, and writes what is left of the log. */
  dispose(): void;
}

/** Wires the product from settings; starts nothing and reads no model. */
export function compose(options: ComposeOptions): Product {
  const { clock = systemClock, productRoot = findProductRoot() } = options;
  const homePath = options.homePath ?? locateHome();
  const bundledModelPath = join(productRoot, "media", "models", "starcoder-tiny.gguf");
  let settings = options.settings ?? defaultSettings;
  // A chosen file that is gone is not replaced by another model behind the user's back: it is said,
  // and the bundled one is a button away.
  let model = chooseModel(settings, bundledModelPath, readChosenModel(homePath));
  let stopFollowing = (): void => undefined;
  let stopReporting = (): void => undefined;

  const lastErrors = createLastErrors();
  const logging = composeLogging({
    ...{ homePath, logName: options.logName },
    sinks: [lastErrors, ...(options.sinks ?? [])],
    settings: () => settings,
  });
  const { logger } = logging;
  const composed = composeEngine({
    ...{ clock, logger },
    settings: () => settings,
    createLocal: () =>
      createLocalEngine({
        homePath,
        config: hostConfigOf(settings, model.path),
        client: { name: options.clientName, version: productVersion },
        processes: createHostProcesses(join(productRoot, "dist", "host.mjs")),
        clock,
        random: Math.random,
        log: logger.for("host"),
        logging: logging.control.current,
      }),
  });
  const engine = options.background === true ? inBackground(composed.engine) : composed.engine;
  if (options.background === true) engine.setFocused(false);
  logging.control.onChange((current) => engine.setLogging(current));
  const syntax = createSyntaxService({
    wasmDirectory: join(productRoot, "dist", "wasm"),
    onError: (grammar, cause) =>
      logger.warn("a grammar cannot be loaded", { grammar, detail: toCodedError(cause).message }),
  });
  const projects = createProjects();
  const openFiles = createOpenFiles({ isIgnored: ({ uri }) => projects.isIgnored(uri) });
  const context = createContext(openFiles);
  const completionLog = logger.for("completion");
  const untraced = createCompletion({
    engine,
    clock,
    syntax,
    contextSources: [
      {
        snippets: (request, most) =>
          settings["context.otherFiles"] ? context.snippets(request, most) : [],
      },
    ],
    repositoryName: (uri) => projects.nameOf(uri) ?? "project",
    refuse(document) {
      const exclusion = exclusionOf(document);
      return exclusion === "secret" || exclusion === "binary" ? "excluded" : exclusion;
    },
    settings: () => completionSettingsOf(settings),
    log: { event: (name, fields) => completionLog.info(name, fields) },
  });
  const tracing = { on: false };
  const completer = traceRequests(untraced, tracing, clock, completionLog);
  const git = createGit();
  const uncountedReviewer = composeReviewer({
    ...{ engine, clock, syntax, projects, git, homePath, productRoot },
    log: logger.for("review"),
    settings: () => settings,
    // What scripts send lies in no file: keeping it would push out what the editor reviewed.
    ...(options.background === true
      ? { stores: { snapshots: forgetful, dismissals: createDismissals(homePath) } }
      : {}),
  });

  const isStarter = (path: string) => {
    const { state } = engine;
    const isRemote = state.kind === "ready" && state.backend.used === "remote";
    return path === bundledModelPath && !isRemote;
  };
  const explainer = createExplainer({
    ...{ engine, completer, clock, syntax, isStarter, processId: process.pid },
    settings: () => settings,
    now: () => new Date(),
  });
  const recent = createRecentRequests();
  const { stats, reviewer } = composeStats(
    { homePath, clock, logger, engine, completer, recent },
    uncountedReviewer,
  );

  /** @param again the same was chosen once more: if it failed, it is tried again */
  function useChosen(again: boolean): void {
    model = chooseModel(settings, bundledModelPath, readChosenModel(homePath));
    engine.setConfig(hostConfigOf(settings, model.path), again);
  }

  return {
    version: productVersion,
    productRoot,
    clock,
    logger,
    logControl: logging.control,
    engine,
    endpoints: composed.endpoints,
    onEndpoints: composed.onEndpoints,
    setEndpointKeys: composed.setEndpointKeys,
    setNetwork: composed.setNetwork,
    completer,
    explainer,
    async promptsOfReview(request, signal) {
      const { readReviewPrompts } = await import("./composeReviewPrompts.ts");
      const parts = { engine, clock, syntax, projects, git, homePath, productRoot };
      const log = logger.for("review");
      return readReviewPrompts({ ...parts, log, settings: () => settings }, request, signal);
    },
    workflow: lazyWorkflow(async () => {
      const { composeWorkflow } = await import("./composeWorkflow.ts");
      const parts = { engine, clock, syntax, projects, git, homePath, productRoot, logger };
      return composeWorkflow({ ...parts, settings: () => settings });
    }),
    traceRequests(on) {
      tracing.on = on;
    },
    reviewer,
    git,
    syntax,
    openFiles,
    projects,
    get settings() {
      return settings;
    },
    apply(next) {
      settings = next;
      logging.control.refresh();
      useChosen(false);
      composed.refresh();
      return model.problems;
    },
    followChoice() {
      stopFollowing();
      stopFollowing = followChoice(homePath, clock, () => {
        const isConfigured = settings["model.path"].trim() !== "";
        if (!isConfigured) useChosen(true);
      });
    },
    reportEndpoints() {
      stopReporting();
      const { endpoints, onEndpoints } = composed;
      const name = options.clientName;
      stopReporting = reportEndpoints({ homePath, name, clock, endpoints, onEndpoints });
    },
    get modelPath() {
      return model.path;
    },
    isStarter,
    readHealth: composeHealth({
      ...{ version: productVersion, homePath, engine, clock, isStarter, lastErrors, recent },
      endpoints: composed.endpoints,
      settings: () => settings,
      logs: () => ({ level: logging.control.level, source: logging.control.source }),
    }),
    async runDoctor(request = {}) {
      const { examine } = await import("./composeDoctor.ts");
      const endpointKeys = composed.endpointKeys();
      const network = composed.network();
      const parts = { engine, completer, syntax, clock, settings, endpointKeys, network };
      const version = productVersion;
      return examine(
        { ...parts, reviewer: uncountedReviewer, version, homePath, productRoot, bundledModelPath },
        request,
      );
    },
    async downloads() {
      const { createDownloads } = await import("./composeDownloads.ts");
      const parts = { homePath, productRoot, clock, random: Math.random };
      return createDownloads({ ...parts, settings: () => settings });
    },
    async listModels(request = {}) {
      const { listAllModels } = await import("./composeModels.ts");
      return listAllModels({ homePath, bundledModelPath, productRoot, settings }, request);
    },
    stats,
    history: createWorkflowHistory(homePath),
    dispose() {
      stopFollowing();
      stopReporting();
      stats.dispose();
      explainer.dispose();
      completer.dispose();
      reviewer.dispose();
      composed.dispose();
      syntax.dispose();
      logging.close();
    },
  };
}

const forgetful: Snapshots = {
  read: () => undefined,
  write: () => undefined,
  rename: () => undefined,
};
