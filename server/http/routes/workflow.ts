import type { Context } from "hono";
import { generateBodySchema, workflowBodySchema } from "../../protocol/api.ts";
import { workflowResultSchema, type WorkflowTask } from "../../protocol/workflow.ts";
import { uncheckedNote } from "../../text/knownLanguage.ts";
import { toTask } from "../originalFields.ts";
import { failureFields } from "../../logs/failureFields.ts";
import type { ApiEnv, RouteParts } from "../types.ts";
import { doWork, modelFor } from "../work.ts";
import { addPost, type ApiApp } from "./route.ts";

/** `POST /generate` and `POST /workflow`; what comes out is kept with the home's results. */
export function addWorkflowRoutes(app: ApiApp, parts: RouteParts): void {
  const { product, limits, log } = parts;

  function run(context: Context<ApiEnv>, task: WorkflowTask): Promise<Response> {
    const seconds = task.budget.seconds ?? product.settings["workflow.maxSeconds"];
    const limitMs = seconds * 1000 + limits.workflowGraceMs;
    return doWork(context, parts, limitMs, async (work) => {
      await modelFor(work, parts);
      const requestId = parts.nextWorkflowId();
      context.env.call.workflow = requestId;
      const outcome = await product.workflow.run({ task, requestId }, () => undefined, work.signal);
      if (outcome.kind === "cancelled") throw work.cancelled();
      if (outcome.kind === "failed") throw outcome.error;
      const { language } = task;
      const result = product.syntax.supports(language)
        ? outcome.result
        : { ...outcome.result, notes: [uncheckedNote(language)] };
      context.env.call.tokensUsed = result.tokensUsed;
      try {
        await product.history.add({ result });
      } catch (thrown) {
        // What took minutes is not lost to its client because a disk is full.
        log.warn("a result is not kept", { requestId, ...failureFields(thrown) });
      }
      return context.json(result);
    });
  }

  addPost(
    app,
    {
      path: "/generate",
      summary: "Code from a task in words.",
      body: generateBodySchema,
      answer: workflowResultSchema,
    },
    (context, body) => run(context, toTask(body, { review: false })),
  );
  addPost(
    app,
    {
      path: "/workflow",
      summary: "Code that is generated, reviewed and revised until it is good enough.",
      body: workflowBodySchema,
      answer: workflowResultSchema,
    },
    (context, body) => run(context, toTask(body, { review: true })),
  );
}
