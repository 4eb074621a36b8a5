import type { IncomingHttpHeaders } from "node:http";
import { isAllowedOrigin } from "./door.ts";

/** What a page of an allowed origin needs to read the answer; others are told nothing. */
export function crossOriginHeaders(
  origin: string | undefined,
  allowed: readonly string[],
): readonly (readonly [string, string])[] {
  if (origin === undefined || !isAllowedOrigin(origin, allowed)) return [];
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Expose-Headers", "X-Request-Id, Retry-After"],
    ["Vary", "Origin"],
  ];
}

/** The answer to a page's question what it may send. */
export function preflightHeaders(asked: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Request-Id",
    "Access-Control-Max-Age": "600",
    ...(asked["access-control-request-private-network"] === "true"
      ? { "Access-Control-Allow-Private-Network": "true" }
      : {}),
  };
}
