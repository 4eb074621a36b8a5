import { z } from "zod";
import { addressOf } from "../../../network/endpointUrl.ts";
import { retryAfterMs } from "../../../network/retryAfter.ts";
import { CodedError, type ErrorCode } from "../../../protocol/errors.ts";
import { codeOfHttpStatus } from "../../../protocol/httpStatus.ts";

/** What an answer's head says of it. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One value of a header, by its name in small letters. */
export function headerOf({ headers }: AnswerHead, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * What an answer that is no success means.
 * @param body its beginning, of which only what it says of the error is shown
 * @param secret the key, which some servers repeat in their answer
 */
export function statusFailure(
  address: string,
  head: AnswerHead,
  body: string,
  secret: string | undefined,
): CodedError {
  const { statusCode: status } = head;
  const where = `${addressOf(address)}: status ${status}`;
  if (status < 400) {
    const detail = `${where}. It sends requests on to another address, which is not followed.`;
    return new CodedError("ENDPOINT_NOT_FOUND", detail);
  }
  const said = errorIn(body);
  const reason = said.message === "" ? "" : `: ${withoutSecret(said.message, secret)}`;
  const error = new CodedError(codeFor(status, said), `${where}${reason}.`);
  const after = headerOf(head, "retry-after");
  const waitMs = retryAfterMs(after, Date.now(), headerOf(head, "date"));
  if (waitMs !== undefined) error.retryAfterMs = waitMs;
  return error;
}

function codeFor(status: number, said: SaidError): ErrorCode {
  if (isTooLong(said)) return "CONTEXT_OVERFLOW";
  if (status === 407) return "ENDPOINT_PROXY";
  return codeOfHttpStatus(status) ?? "ENDPOINT_PROTOCOL";
}

const errorSchema = z.union([
  z.object({ error: z.object({ message: z.string(), type: z.string().nullish() }) }),
  z.object({ error: z.string(), error_type: z.string().optional() }),
  z.object({ message: z.string(), type: z.string().nullish() }),
  z.object({ detail: z.string() }),
]);

/** What a server says of an error; both are empty where it says nothing. */
export interface SaidError {
  readonly message: string;
  readonly type: string;
}

/** Whether the prompt was too long, by what llama-server, vLLM and TGI call it. */
export function isTooLong({ message, type }: SaidError): boolean {
  if (type === "exceed_context_size_error") return true;
  return /maximum (context|model) length|`inputs` (tokens|must have less)/i.test(message);
}

/** What a server says of an error, at most 200 characters of it. */
export function errorIn(body: string): SaidError {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { message: "", type: "" };
  }
  const parsed = errorSchema.safeParse(value);
  if (!parsed.success) return { message: "", type: "" };
  const { data } = parsed;
  if ("detail" in data) return { message: short(data.detail), type: "" };
  if ("message" in data) return { message: short(data.message), type: data.type ?? "" };
  if (typeof data.error !== "string") {
    return { message: short(data.error.message), type: data.error.type ?? "" };
  }
  const type = "error_type" in data ? (data.error_type ?? "") : "";
  return { message: short(data.error), type };
}

/** Servers repeat the request, which holds source text, after the reason why they refuse it. */
function short(message: string): string {
  const [reason = ""] = message.split(/['"]?input['"]?\s*[:=]|[\r\n]/);
  return reason.slice(0, 200).replace(/[\s.,{([]+$/, "");
}

function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined || secret === "" ? text : text.replaceAll(secret, "…");
}

const dns = /^(ENOTFOUND|EAI_|EBADNAME)/;
const unreachable =
  /^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EPERM|EACCES)/;
const tls =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|EPROTO)/;

/** Whether a connection was hung up: one kept open may be closed just as a request is written to it. */
export function wasHungUp(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code));
}

/** A failure of the connection itself as a coded one. */
export function connectionFailure(address: string, thrown: unknown): CodedError {
  if (thrown instanceof CodedError) {
    // The only thing that is checked on the way is the address of the proxy.
    if (thrown.code !== "VALIDATION_ERROR") return thrown;
    return new CodedError("ENDPOINT_PROXY", `${addressOf(address)}: ${thrown.message}`, thrown);
  }
  const chain = chainOf(thrown);
  const codes = codesOf(thrown);
  const reason = (chain.at(-1)?.message ?? String(thrown)).replace(/\.$/, "");
  const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
  const fail = (code: ErrorCode): CodedError =>
    new CodedError(code, `${addressOf(address)}: ${reason}.`, thrown);
  if (has(/^ERR_PROXY/) || /proxy/i.test(reason)) return fail("ENDPOINT_PROXY");
  if (has(dns)) return fail("ENDPOINT_DNS");
  if (has(tls) || /certificate/i.test(reason)) return fail("ENDPOINT_TLS");
  if (has(unreachable)) return fail("ENDPOINT_UNREACHABLE");
  return fail("ENDPOINT_PROTOCOL");
}

function chainOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && chain.length < 5;) {
    chain.push(at);
    // Several addresses of one name were tried.
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return chain;
}

function codesOf(thrown: unknown): string[] {
  return chainOf(thrown).map((error) => ("code" in error ? String(error.code) : ""));
}
