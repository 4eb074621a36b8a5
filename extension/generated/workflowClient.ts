import type * as vscode from "vscode";
import { z } from "zod";
import { CodedError } from "../../server/protocol/errors.ts";
import {
  keptWorkflowSchema,
  workflowOfRequest,
  workflowRequest,
  workflowResultSchema,
  workflowsRequest,
  workflowSummarySchema,
  type KeptWorkflow,
  type WorkflowParams,
  type WorkflowProgress,
  type WorkflowProgressWithToken,
  type WorkflowResult,
  type WorkflowSummary,
} from "../../server/protocol/workflow.ts";
import { fromServer } from "../fromServer.ts";
import { createListeners } from "../listeners.ts";

/** The part of a server's connection that workflows need. */
export interface WorkflowConnection {
  request(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<unknown>;
}

/** Asks the server for workflows and their results. All reject with a `CodedError`. */
export interface WorkflowClient {
  /**
   * Runs one to its end. Undefined: it was cancelled before there was a version.
   * @param onProgress called until it ends
   */
  run(
    params: Omit<WorkflowParams, "token">,
    onProgress: (progress: WorkflowProgress) => void,
    token: vscode.CancellationToken,
  ): Promise<WorkflowResult | undefined>;
  list(): Promise<readonly WorkflowSummary[]>;
  /** Undefined: there is none of this id. */
  read(requestId: string): Promise<KeptWorkflow | undefined>;
  /** The server told how far one is. */
  receive(progress: WorkflowProgressWithToken): void;
}

/** LSP's codes of a request that was cancelled by its client or by its server. */
const cancellationCodes: readonly unknown[] = [-32800, -32802];

export function createWorkflowClient(
  connection: () => WorkflowConnection | undefined,
): WorkflowClient {
  const progress = createListeners<WorkflowProgressWithToken>();
  let count = 0;

  async function ask(method: string, params: unknown, token?: vscode.CancellationToken) {
    const running = connection();
    if (running === undefined) throw new CodedError("SERVER_DIED", "It is not running.");
    try {
      return await running.request(method, params, token);
    } catch (thrown) {
      if (isCancellation(thrown)) throw thrown;
      // What is under way when the server ends is rejected by the library, without a code of ours.
      if (connection() !== running) throw new CodedError("SERVER_DIED", undefined, thrown);
      throw fromServer(thrown);
    }
  }

  return {
    async run(params, onProgress, cancellation) {
      count += 1;
      const token = `workflow-${count}`;
      const stop = progress.add((told) => {
        if (told.token === token) onProgress(told);
      });
      try {
        const answer = await ask(workflowRequest.method, { ...params, token }, cancellation);
        return workflowResultSchema.parse(answer);
      } catch (thrown) {
        if (isCancellation(thrown)) return undefined;
        throw thrown;
      } finally {
        stop();
      }
    },
    async list() {
      return z.array(workflowSummarySchema).parse(await ask(workflowsRequest.method, null));
    },
    async read(requestId) {
      const answer = await ask(workflowOfRequest.method, { requestId });
      return keptWorkflowSchema.nullable().parse(answer) ?? undefined;
    },
    receive: (told) => progress.fire(told),
  };
}

function isCancellation(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && cancellationCodes.includes(thrown.code);
}
