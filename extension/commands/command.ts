import type * as vscode from "vscode";
import { z } from "zod";
import type { CommandId } from "../../server/protocol/commands.ts";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import type { Status } from "../../server/protocol/editor.ts";
import { CodedError } from "../../server/protocol/errors.ts";
import type { ClientRun } from "../client.ts";
import type { Availability } from "../availability.ts";
import type { DebugMode } from "../debugMode.ts";
import type { ExplainDocuments } from "../views/explainDocument.ts";
import type { EndpointKeyStore } from "../endpointKeys.ts";
import type { Notices } from "../notices.ts";
import type { Models } from "../modelChoice/models.ts";
import type { FindingActions } from "../findings/findingActions.ts";
import type { ReviewStatusView } from "../findings/reviewStatus.ts";
import type { ReviewClient } from "../findings/reviewClient.ts";
import type { RunCli } from "../runCli.ts";
import type { ResultPanel } from "../generated/resultPanel.ts";
import type { WorkflowClient } from "../generated/workflowClient.ts";
import type { SettingsStore } from "../settings.ts";
import type { Snooze } from "../snooze.ts";
import type { StatusView } from "../statusView.ts";
import type { Supervisor } from "../supervise.ts";
import type { LogsPanel } from "../views/logsPanel.ts";
import type { HealthPanel } from "../views/healthPanel.ts";

/** What commands act on. */
export interface CommandContext {
  /** Runs a command of the command line; for what must work while the server is down. */
  readonly runCli: RunCli;
  /** What only the editor knows, for commands of the command line. */
  readonly facts: () => EditorFacts;
  readonly healthPanel: HealthPanel;
  readonly explainDocuments: ExplainDocuments;
  readonly debugMode: DebugMode;
  /** Whether automatic suggestions are shown in a document. */
  readonly availability: (document: vscode.TextDocument) => Availability;
  readonly logsPanel: LogsPanel;
  readonly extension: vscode.Extension<unknown>;
  readonly settings: SettingsStore;
  readonly snooze: Snooze;
  readonly notices: Notices;
  readonly log: vscode.LogOutputChannel;
  readonly supervisor: Supervisor<ClientRun>;
  readonly review: ReviewClient;
  readonly findingActions: FindingActions;
  /** How the review of the active file stands. */
  readonly reviewStatus: () => ReviewStatusView | undefined;
  /** The state as the status item shows it. */
  readonly status: () => StatusView;
  /** What the server last said of itself; undefined while none runs. */
  readonly service: () => Status | undefined;
  /**
   * Settles when the service is ready, or off by the user's will. Rejects with a `CodedError`: why
   * it will not be ready.
   */
  readonly untilReady: () => Promise<void>;
  /** The name of the model in use, if one is. */
  readonly model: () => string | undefined;
  readonly models: Models;
  readonly endpointKeys: EndpointKeyStore;
  readonly workflows: WorkflowClient;
  readonly resultPanel: ResultPanel;
}

/** One entry of the command table. */
export interface Command {
  /** Never rejects on an expected failure: it tells the user. */
  run(context: CommandContext, argument?: unknown): void | Promise<void>;
  /** Why it cannot run now, as a sentence for the user; undefined: it can. */
  unavailable?(context: CommandContext): string | undefined;
}

/**
 * A command that other parts of the product run with an argument; from the palette it has none. One
 * of another form is a `VALIDATION_ERROR`.
 */
export function withArgument<Schema extends z.ZodType>(
  schema: Schema,
  run: (context: CommandContext, argument: z.output<Schema> | undefined) => void | Promise<void>,
): Command {
  return {
    run(context, raw) {
      if (raw === undefined || raw === null) return run(context, undefined);
      const argument = schema.safeParse(raw);
      if (!argument.success)
        throw new CodedError("VALIDATION_ERROR", z.prettifyError(argument.error));
      return run(context, argument.data);
    },
  };
}

/** Every declared command has an entry; the compiler sees to it. */
export type CommandTable = Readonly<Record<CommandId, Command>>;
