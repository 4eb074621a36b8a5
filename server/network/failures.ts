import { CodedError } from "../protocol/errors.ts";
import { retryAfterMs } from "./retryAfter.ts";

/** A coded failure of the network that also says when to come back, where the other side said so. */
export class NetworkError extends CodedError {
  /** From `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  readonly status: number | undefined;
  /** Whom no connection could be had to, or whose connection broke. */
  readonly origin: string | undefined;

  constructor(
    code: ConstructorParameters<typeof CodedError>[0],
    detail: string,
    more: {
      readonly cause?: unknown;
      readonly retryAfterSeconds?: number | undefined;
      readonly status?: number;
      readonly origin?: string;
    } = {},
  ) {
    super(code, detail, more.cause);
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.status = more.status;
    this.origin = more.origin;
  }
}

/** An address fit to be shown: without user, password and query, which may be secret. */
export function shownAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One value of a header, by its name in small letters. */
export function headerOf({ headers }: AnswerHead, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * What an answer's status means; undefined for one that is none of failure.
 * @param page where access to the model is asked for
 */
export function failureOf(
  url: URL,
  answer: AnswerHead,
  options: { readonly page?: string | undefined; readonly now: () => number },
): NetworkError | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  const where = `${shownAddress(url)}: status ${status}.`;
  const code = headerOf(answer, "x-error-code") ?? "";
  const fail = (
    errorCode: ConstructorParameters<typeof CodedError>[0],
    detail: string = where,
  ): NetworkError =>
    new NetworkError(errorCode, detail, {
      status,
      retryAfterSeconds: waitSeconds(answer, options.now()),
    });
  // The hub answers 401 for what does not exist, too, so that nobody learns names of private models.
  if (status === 404 || status === 410 || /^(Repo|Entry|Revision)NotFound$/.test(code)) {
    return fail("HUB_NOT_FOUND");
  }
  const page = options.page === undefined ? "" : ` The page is ${options.page}.`;
  if (status === 401) return fail("HUB_AUTH", where + (code === "GatedRepo" ? page : ""));
  if (status === 403) return fail("HUB_GATED", where + page);
  if (status === 407) return fail("HUB_UNREACHABLE", "The proxy asks for a user and a password.");
  if (status === 416)
    return fail("DOWNLOAD_MISMATCH", `${where} The file is shorter than announced.`);
  if (status === 429 || status === 503) return fail("HUB_BUSY");
  return fail("HUB_FAILED");
}

function waitSeconds(answer: AnswerHead, now: number): number | undefined {
  const date = headerOf(answer, "date");
  const ms = retryAfterMs(headerOf(answer, "retry-after"), now, date);
  return ms === undefined ? undefined : Math.ceil(ms / 1000);
}

/** Codes of a connection that never came about. */
const unreachable =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_PROXY)/;

/** Any failure of a connection as a coded one: it did not come about, or it broke. */
export function connectionFailure(url: URL, thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  const codes = chain.map((error) => ("code" in error ? String(error.code) : ""));
  const reason = chain.at(-1)?.message ?? String(thrown);
  const isUnreachable =
    codes.some((code) => unreachable.test(code)) || /proxy|certificate/i.test(reason);
  return new NetworkError(
    isUnreachable ? "HUB_UNREACHABLE" : "DOWNLOAD_INTERRUPTED",
    `${url.origin}: ${reason}`,
    { cause: thrown, origin: url.origin },
  );
}

/** That nothing came from a server that has never answered. */
export function noAnswer(url: URL, ms: number, cause: unknown): CodedError {
  const detail = `${url.origin}: no answer within ${String(Math.round(ms / 1000))} seconds.`;
  return new NetworkError("HUB_UNREACHABLE", detail, { cause, origin: url.origin });
}
