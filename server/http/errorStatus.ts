import type { CodedError, CodedErrorData, ErrorCode } from "../protocol/errors.ts";

/** Statuses other than 500 by the code of the failure. */
const statuses: Partial<Record<ErrorCode, ErrorStatus>> = {
  VALIDATION_ERROR: 400,
  POSITION_INVALID: 400,
  DOCUMENT_UNSUPPORTED: 400,
  CONTEXT_OVERFLOW: 400,
  MODEL_NOT_FIM: 400,
  MODEL_NOT_INSTRUCT: 400,
  LOGPROBS_UNAVAILABLE: 400,
  API_KEY_INVALID: 401,
  API_FORBIDDEN: 403,
  API_NOT_FOUND: 404,
  MODEL_UNKNOWN: 404,
  API_TOO_LARGE: 413,
  API_BUSY: 503,
  MODEL_UNAVAILABLE: 503,
  HOST_DIED: 503,
  HOST_HUNG: 503,
  ENDPOINTS_DOWN: 503,
  ENDPOINT_BUSY: 503,
  TIMEOUT_ERROR: 503,
};

export type ErrorStatus = 400 | 401 | 403 | 404 | 413 | 429 | 500 | 503;

/** When to come back where the failure does not say. */
const usualRetryMs = 5000;

/** A failure as the API answers it. */
export interface ErrorAnswer {
  readonly status: ErrorStatus;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: CodedErrorData & Readonly<Record<string, unknown>> };
}

export interface AnswerTraits {
  /** In place of the usual status of the code. */
  readonly status?: ErrorStatus | undefined;
  /** In the form that clients of OpenAI read, too. */
  readonly openAi?: boolean;
}

/** The status, headers and body for a failure. */
export function answerOf(error: CodedError, traits: AnswerTraits = {}): ErrorAnswer {
  const status = traits.status ?? statuses[error.code] ?? 500;
  const data = error.toData();
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="StarCoder Local"';
  if (status === 503 || status === 429) {
    const ms = data.retryAfterMs ?? usualRetryMs;
    headers["Retry-After"] = String(Math.max(1, Math.ceil(ms / 1000)));
  }
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return {
    status,
    headers,
    body: { error: traits.openAi === true ? { ...data, type, param: null } : data },
  };
}
