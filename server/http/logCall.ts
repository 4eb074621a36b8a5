import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "../logs/logger.ts";
import type { Call } from "./types.ts";

/** Paths that may stand in a log; whatever else somebody asked for is `other`. */
const routes = new Set([
  ...["/health", "/stats", "/openapi.json", "/generate", "/review", "/workflow", "/complete"],
  ...["/v1/completions", "/v1/models", "/infill"],
]);

/** One line of the log for a request: never a body, a key or a path that is not ours. */
export function logCall(
  log: Pick<Logger, "info">,
  { url = "", method = "" }: IncomingMessage,
  outgoing: ServerResponse,
  { requestId, code, tokensUsed, hedgedTokens, workflow }: Call,
  durationMs: number,
): void {
  const path = url.split("?")[0] ?? "";
  log.info("API request", {
    ...{ requestId, code, tokensUsed, hedgedTokens, workflow, durationMs },
    route: `${/^[A-Z]{3,7}$/.test(method) ? method : "?"} ${routes.has(path) ? path : "other"}`,
    status: outgoing.statusCode,
    ...(outgoing.writableFinished ? {} : { cut: true }),
  });
}
