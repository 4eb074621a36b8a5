import { CodedError } from "../protocol/errors.ts";

/** A request as far as the door looks at it. */
export interface Caller {
  readonly method: string;
  /** The request target as it came. */
  readonly target: string;
  /** Each `Host` header that came. */
  readonly hosts: readonly string[];
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

export interface DoorRules {
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly isKey: (given: string) => boolean;
}

export type Admission =
  | { readonly kind: "refused"; readonly error: CodedError }
  /** A page's question whether it may ask; answered without a key. */
  | { readonly kind: "preflight" }
  /** `known`: with the key; without one only `GET /health` is let in. */
  | { readonly kind: "admitted"; readonly known: boolean };

/** Paths have these characters alone: nothing encoded, no empty or dotted segments. */
const plainTarget = /^\/(?:[\w.-]+(?:\/[\w.-]+)*)?(?:\?[\w.~%&=+-]*)?$/;
const dottedSegment = /\/\.{1,2}(?:\/|\?|$)/;

/**
 * Lets a request in, or not. The host first: a name that was bound anew to this machine (DNS
 * rebinding) must learn nothing. Then the origin, the key, and the form of the path.
 */
export function admit(caller: Caller, rules: DoorRules): Admission {
  const { hosts, origin, authorization } = caller;
  const [host] = hosts;
  if (hosts.length !== 1 || host === undefined || !isOwnHost(host, rules.port)) {
    return refused("API_FORBIDDEN", "The Host header is not an address of this machine.");
  }
  if (origin !== undefined && !isAllowedOrigin(origin, rules.allowedOrigins)) {
    return refused("API_FORBIDDEN", "The Origin is not allowed.");
  }
  if (caller.method === "OPTIONS" && origin !== undefined) return { kind: "preflight" };
  const given = authorization === undefined ? undefined : bearerOf(authorization);
  const known = given !== undefined && rules.isKey(given);
  const asksHealth = caller.method === "GET" && caller.target === "/health";
  if (!known && !(asksHealth && authorization === undefined)) return refused("API_KEY_INVALID");
  if (!caller.target.startsWith("/")) {
    return refused("VALIDATION_ERROR", "The request target is no path.");
  }
  if (!plainTarget.test(caller.target) || dottedSegment.test(caller.target)) {
    return refused("API_NOT_FOUND");
  }
  return { kind: "admitted", known };
}

/** Whether a page of this origin may call. `null`, the origin of files and sandboxes, never. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return origin !== "null" && allowed.some((each) => each.replace(/\/$/, "") === origin);
}

function refused(code: CodedError["code"], detail?: string): Admission {
  return { kind: "refused", error: new CodedError(code, detail) };
}

function isOwnHost(host: string, port: number): boolean {
  const ending = `:${String(port)}`;
  const lower = host.toLowerCase();
  const name = lower.endsWith(ending) ? lower.slice(0, -ending.length) : port === 80 ? lower : "";
  return ["127.0.0.1", "localhost", "[::1]"].includes(name);
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +([\w.~+/=-]{1,512})$/i.exec(authorization)?.[1];
}
