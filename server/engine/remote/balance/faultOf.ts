import type { CodedError, ErrorCode } from "../../../protocol/errors.ts";

/** What a failure says of the server that gave it. */
export type Fault =
  /** Nothing: any server would refuse this request, or this kind of request. */
  | "request"
  /** It has no means for it; another one may have. */
  | "lack"
  /** Not to be used until something is set right, here or there. */
  | "setting"
  /** It is well and has too much to do. */
  | "busy"
  /** Nothing gets through to it. */
  | "gone"
  /** It failed; once is no reason to leave it. */
  | "failure";

const faults: Partial<Record<ErrorCode, Fault>> = {
  ENDPOINT_REFUSED: "request",
  CONTEXT_OVERFLOW: "request",
  VALIDATION_ERROR: "request",
  LOGPROBS_UNAVAILABLE: "lack",
  MODEL_UNAVAILABLE: "lack",
  MODEL_NOT_INSTRUCT: "request",
  PARSING_ERROR: "request",
  ENDPOINT_AUTH: "setting",
  ENDPOINT_MODEL: "setting",
  ENDPOINT_NOT_FOUND: "setting",
  ENDPOINT_INVALID: "setting",
  MODEL_NOT_FIM: "setting",
  ENDPOINT_BUSY: "busy",
  ENDPOINT_DNS: "gone",
  ENDPOINT_UNREACHABLE: "gone",
  ENDPOINT_TLS: "gone",
  ENDPOINT_PROXY: "gone",
};

export function faultOf({ code }: CodedError): Fault {
  return faults[code] ?? "failure";
}
