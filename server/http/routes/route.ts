import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { z } from "zod";
import { apiErrorSchema } from "../../protocol/api.ts";
import type { ApiEnv } from "../types.ts";

export type ApiApp = OpenAPIHono<ApiEnv>;

interface RouteBase<Answer extends z.ZodType> {
  readonly path: string;
  /** One sentence for the OpenAPI page. */
  readonly summary: string;
  readonly answer: Answer;
  /** The answer may be a stream of such objects. */
  readonly streams?: boolean;
  /** Answered without a key, too. */
  readonly open?: boolean;
}

const refusals = {
  400: "A field is missing, unknown or not valid.",
  401: "The key is missing or wrong.",
  403: "Host or Origin is not allowed.",
  404: "There is no such route.",
  413: "The body is too large.",
  429: "Too many requests of one connection at once.",
  500: "It failed; the code says why.",
  503: "Busy, or no model yet: come back after `Retry-After`.",
} as const;

const jsonOf = (schema: z.ZodType) => ({ "application/json": { schema } });

/** What every route may answer beside its answer. */
const failures = Object.fromEntries(
  Object.entries(refusals).map(([status, description]) => [
    status,
    { description, content: jsonOf(apiErrorSchema) },
  ]),
);

function responsesOf({ answer, streams }: RouteBase<z.ZodType>) {
  const stream = streams === true ? { "text/event-stream": { schema: answer } } : {};
  return {
    200: { description: "The answer.", content: { ...jsonOf(answer), ...stream } },
    ...failures,
  };
}

/** Adds a route without a body. */
export function addGet<Answer extends z.ZodType>(
  app: ApiApp,
  base: RouteBase<Answer>,
  handle: (context: Context<ApiEnv>) => Promise<z.input<Answer>> | z.input<Answer>,
): void {
  const { path, summary } = base;
  const security = base.open === true ? [{ key: [] }, {}] : [{ key: [] }];
  const route = createRoute({
    ...{ method: "get", path, summary, security },
    responses: responsesOf(base),
  });
  app.openapi(route, (async (context: Context<ApiEnv>) =>
    context.json(await handle(context))) as never);
}

/**
 * Adds a route with a body of JSON; what the body holds is valid when `handle` is called. The
 * answer's schema is for the page: a stream cannot be checked by the compiler.
 */
export function addPost<Body extends z.ZodType, Answer extends z.ZodType>(
  app: ApiApp,
  base: RouteBase<Answer> & { readonly body: Body },
  handle: (context: Context<ApiEnv>, body: z.output<Body>) => Promise<Response>,
): void {
  const { path, summary, body } = base;
  const route = createRoute({
    ...{ method: "post", path, summary, security: [{ key: [] }] },
    request: { body: { required: true, content: jsonOf(body) } },
    responses: responsesOf(base),
  });
  app.openapi(route, ((context: Context<ApiEnv, string, { out: { json: z.output<Body> } }>) =>
    handle(context, context.req.valid("json"))) as never);
}
