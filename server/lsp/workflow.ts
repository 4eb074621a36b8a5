import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
} from "vscode-languageserver/node";
import { z } from "zod";
import type { Product } from "../compose/compose.ts";
import { failureFields } from "../logs/failureFields.ts";
import { createRequestIds } from "../logs/requestIds.ts";
import { toCodedError, type CodedError } from "../protocol/errors.ts";
import {
  workflowOfParamsSchema,
  workflowOfRequest,
  workflowParamsSchema,
  workflowProgressNotification,
  workflowRequest,
  workflowsRequest,
  type KeptWorkflow,
  type WorkflowProgress,
  type WorkflowResult,
} from "../protocol/workflow.ts";
import type { Workflow } from "../workflow/types.ts";
import type { OpenDocument } from "./documents.ts";
import type { ProgressPort, ProgressToken } from "./review/progress.ts";
import { coded, parseParams } from "./review/requests.ts";
import { placeOf } from "./workflowPlace.ts";
import { createWorkflowProgress } from "./workflowProgress.ts";

export interface ServeWorkflowOptions {
  readonly connection: Pick<Connection, "onRequest" | "sendNotification">;
  readonly product: Pick<Product, "clock" | "history" | "logger"> & {
    readonly workflow: Workflow;
  };
  readonly documentOf: (uri: string) => OpenDocument | undefined;
  readonly folderUris: () => readonly string[];
  readonly progress: ProgressPort;
  /** A result that could not be kept; it is answered all the same. */
  readonly onUnkept: (error: CodedError) => void;
}

export interface WorkflowService {
  /**
   * Ends what runs, as if each were cancelled, and settles when what came of it is kept; after
   * `atMostMs` at the latest. Never rejects.
   */
  finish(atMostMs: number): Promise<void>;
}

const requestSchema = workflowParamsSchema.extend({
  workDoneToken: z.union([z.string(), z.number()]).optional(),
});
type Params = z.output<typeof requestSchema>;

/** Answers `starcoder/workflow` and what is asked about the results that are kept. */
export function serveWorkflow(options: ServeWorkflowOptions): WorkflowService {
  const { connection, product } = options;
  const { clock, history } = product;
  const log = product.logger.for("workflow");
  const requestIds = createRequestIds("s");
  const running = new Map<Promise<unknown>, AbortController>();
  let ended = false;

  async function run(params: Params, abort: AbortController): Promise<WorkflowResult> {
    const { token, uri, range, lead, workDoneToken, ...asked } = params;
    const place = placeOf(options, params);
    const task = { ...asked, ...place.context };
    const progress = showProgress(task.code === undefined, token, workDoneToken, abort);
    try {
      const request = { task, requestId: requestIds.nextWorkflow() };
      const outcome = await product.workflow.run(
        request,
        (told) => progress.report(told),
        abort.signal,
      );
      if (outcome.kind === "failed") throw outcome.error;
      if (outcome.kind === "cancelled") {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, "Cancelled.");
      }
      const { result } = outcome;
      await keep({
        result,
        ...(uri === undefined ? {} : { uri }),
        ...(range === undefined ? {} : { range }),
        ...(lead === undefined ? {} : { lead }),
        ...place.kept,
      });
      return result;
    } finally {
      progress.end();
    }
  }

  async function keep(kept: KeptWorkflow): Promise<void> {
    try {
      await history.add(kept);
    } catch (thrown) {
      const { requestId } = kept.result;
      log.warn("a result is not kept", { requestId, ...failureFields(thrown) });
      options.onUnkept(toCodedError(thrown));
    }
  }

  /** A client that gave a token shows progress itself; others by the protocol's own. */
  function showProgress(
    isNew: boolean,
    token: string | undefined,
    workDoneToken: ProgressToken | undefined,
    abort: AbortController,
  ) {
    if (token !== undefined) {
      return {
        report(told: WorkflowProgress) {
          connection
            .sendNotification(workflowProgressNotification.method, { ...told, token })
            .catch(() => undefined);
        },
        end: () => undefined,
      };
    }
    return createWorkflowProgress({
      port: options.progress,
      title: isNew ? "StarCoder: generating" : "StarCoder: revising",
      token: workDoneToken,
      cancel: () => abort.abort(),
    });
  }

  async function answer(raw: unknown, token: CancellationToken): Promise<WorkflowResult> {
    const params = parseParams(workflowRequest.method, requestSchema, raw);
    if (ended) throw new ResponseError(LSPErrorCodes.ServerCancelled, "The server ends.");
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    if (token.isCancellationRequested) abort.abort();
    const workflow = run(params, abort);
    running.set(workflow, abort);
    try {
      return await workflow;
    } finally {
      running.delete(workflow);
      subscription.dispose();
    }
  }

  connection.onRequest(workflowRequest.method, (raw: unknown, token: CancellationToken) =>
    coded(() => answer(raw, token)),
  );
  connection.onRequest(workflowsRequest.method, () => coded(() => history.list()));
  connection.onRequest(workflowOfRequest.method, (raw: unknown) =>
    coded(async () => {
      const { requestId } = parseParams(workflowOfRequest.method, workflowOfParamsSchema, raw);
      return (await history.read(requestId)) ?? null;
    }),
  );

  return {
    async finish(atMostMs) {
      ended = true;
      for (const abort of running.values()) abort.abort();
      if (running.size === 0) return;
      await new Promise<void>((resolve) => {
        const cancelTimer = clock.after(atMostMs, resolve);
        void Promise.allSettled(running.keys()).then(() => {
          cancelTimer();
          resolve();
        });
      });
    },
  };
}
