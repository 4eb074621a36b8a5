import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { answerOf } from "./errorStatus.ts";
import { createRawPrompts } from "./rawPrompt.ts";
import { addCompleteRoute } from "./routes/complete.ts";
import { addInfillRoute } from "./routes/infill.ts";
import { addInfoRoutes } from "./routes/info.ts";
import { addOpenAiRoute } from "./routes/openAi.ts";
import { addReviewRoute } from "./routes/review.ts";
import type { ApiApp } from "./routes/route.ts";
import { addWorkflowRoutes } from "./routes/workflow.ts";
import { completionSettingsOf } from "../compose/fromSettings.ts";
import type { ApiEnv, RouteParts } from "./types.ts";

/** Whether a path is one that clients of OpenAI call: failures then have the form they read. */
export function isOpenAi(path: string): boolean {
  return path.startsWith("/v1/");
}

/** The routes, and the page about them; nothing is admitted or limited here. */
export function createApp(parts: RouteParts): ApiApp {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook(result) {
      if (!result.success) throw new CodedError("VALIDATION_ERROR", sentenceOf(result.error));
    },
  });
  const prompts = createRawPrompts(() => completionSettingsOf(parts.product.settings));
  addInfoRoutes(app, parts);
  addCompleteRoute(app, parts, prompts);
  addReviewRoute(app, parts);
  addWorkflowRoutes(app, parts);
  addOpenAiRoute(app, parts, prompts);
  addInfillRoute(app, parts, prompts);
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
  });
  app.openAPIRegistry.registerPath({
    ...{ method: "get", path: "/openapi.json", summary: "This page.", security: [{ key: [] }] },
    responses: { 200: { description: "An OpenAPI 3.1 document." } },
  });
  app.get("/openapi.json", (context) => context.json(describe(app, parts.product.version)));
  app.notFound(() => {
    throw new CodedError("API_NOT_FOUND");
  });
  app.onError((thrown, context) => {
    const error =
      thrown instanceof HTTPException
        ? new CodedError("VALIDATION_ERROR", requestFault(thrown))
        : toCodedError(thrown);
    context.env.call.code = error.code;
    const { status, headers, body } = answerOf(error, { openAi: isOpenAi(context.req.path) });
    return context.json(body, status, headers);
  });
  return app;
}

function describe(app: ApiApp, version: string): object {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      ...{ title: "StarCoder Local", version },
      description: "The loopback API of StarCoder Local; docs/api.md explains it.",
    },
  });
}

/** What is wrong with a body: each place and what was expected there. */
function sentenceOf(error: { readonly issues: readonly z.core.$ZodIssue[] }): string {
  const all = error.issues.slice(0, 5).map((issue) => {
    const place = issue.path.map(String).join(".");
    const what = issue.message.replace(/^Invalid input: /, "");
    return place === "" ? what : `${place}: ${what}`;
  });
  return `${all.join("; ")}.`;
}

function requestFault({ status }: HTTPException): string {
  return status === 415
    ? "Content-Type must be application/json."
    : "The body is no JSON that can be read.";
}
