import { z } from "zod";

/**
 * The one table of failures. A code is stable: logs, scripts and the editor's buttons rely on it.
 * `remedy` says what the user can do; `actions` names the commands whose buttons are offered.
 */
export interface ErrorEntry {
  readonly message: string;
  readonly cause: string;
  readonly remedy: string;
  /** Whether the same request may succeed later without the user doing anything. */
  readonly retryable: boolean;
  readonly actions: readonly ErrorAction[];
}

/** What a button under an error message does. */
export type ErrorAction = "restart" | "showLog" | "openSettings" | "useBundledModel" | "doctor";

const table = {
  MODEL_UNAVAILABLE: entry(
    "The model is not available.",
    "The model host is not running or still starting.",
    "Wait a moment, or restart the service.",
    true,
    ["restart", "showLog"],
  ),
  MODEL_NOT_FOUND: entry(
    "The model file does not exist.",
    "starcoder.model.path points to a file that is not there.",
    "Correct starcoder.model.path, or clear it to use the bundled model.",
    false,
    ["openSettings", "useBundledModel"],
  ),
  MODEL_INVALID: entry(
    "The model file cannot be read.",
    "The file is empty, truncated or not a GGUF model.",
    "Fetch the file again, or clear starcoder.model.path to use the bundled model.",
    false,
    ["openSettings", "useBundledModel", "doctor"],
  ),
  MODEL_CHANGED: entry(
    "The model file was replaced while in use.",
    "The file on disk is no longer the one that was loaded.",
    "Restart the service to load the new file.",
    false,
    ["restart"],
  ),
  MODEL_NOT_FIM: entry(
    "This model cannot fill in the middle.",
    "Its vocabulary has no fill-in-the-middle tokens.",
    "Choose a model trained for fill-in-the-middle, such as StarCoder2.",
    false,
    ["openSettings", "useBundledModel"],
  ),
  BINDING_MISSING: entry(
    "The native inference library is missing.",
    "The package @node-llama-cpp for this platform is not installed or cannot be loaded.",
    "Reinstall the extension for this platform, or run the doctor.",
    false,
    ["doctor", "showLog"],
  ),
  BACKEND_UNAVAILABLE: entry(
    "The requested GPU backend is not available.",
    "The driver or the backend's library could not be loaded.",
    "The CPU is used instead. Set starcoder.backend to cpu to silence this, or repair the driver.",
    false,
    ["openSettings", "doctor"],
  ),
  MEMORY_ERROR: entry(
    "There is not enough memory for the model.",
    "Model and context need more memory than is free.",
    "Use a smaller model or a smaller starcoder.model.contextSize.",
    false,
    ["openSettings", "doctor"],
  ),
  HOST_DIED: entry(
    "The model host stopped unexpectedly.",
    "The process ended while requests were waiting.",
    "It is restarted by itself; restart the service if this repeats.",
    true,
    ["restart", "showLog"],
  ),
  HOST_HUNG: entry(
    "The model host does not answer.",
    "The process is alive but did not answer a ping in time.",
    "It is restarted by itself; restart the service if this repeats.",
    true,
    ["restart", "showLog"],
  ),
  HOST_CRASH_LOOP: entry(
    "The model host keeps crashing and is not restarted any more.",
    "It died five times within three minutes.",
    "Restart the service, or run the doctor to find the cause.",
    false,
    ["restart", "doctor", "showLog"],
  ),
  HOST_VERSION: entry(
    "The running model host speaks another protocol version.",
    "It was started by another version of the extension.",
    "It is retired and replaced; restart the service if this stays.",
    true,
    ["restart"],
  ),
  HOST_AUTH: entry(
    "The model host refused the connection.",
    "The token in the run folder does not match.",
    "Restart the service.",
    true,
    ["restart"],
  ),
  HOME_NOT_WRITABLE: entry(
    "The home folder cannot be written.",
    "STARCODER_HOME or the default data folder is read-only or full.",
    "Free space or set STARCODER_HOME to a writable folder.",
    false,
    ["doctor"],
  ),
  TIMEOUT_ERROR: entry(
    "The request took too long.",
    "The model did not answer within the time allowed.",
    "Try again, or choose a smaller model.",
    true,
    ["restart"],
  ),
  CONTEXT_OVERFLOW: entry(
    "The prompt is longer than the model's context.",
    "More tokens were sent than starcoder.model.contextSize allows.",
    "Raise starcoder.model.contextSize or lower starcoder.completion.maxTokens.",
    false,
    ["openSettings"],
  ),
  PARSING_ERROR: entry(
    "The model's answer could not be used.",
    "The output was empty, cut or not in the expected form.",
    "Try again; if it repeats, use a larger model.",
    true,
    ["showLog"],
  ),
  SCORES_INVALID: entry(
    "The model's probabilities cannot be used for a review.",
    "They are not numbers, or the same for every token: the file is damaged or no language model.",
    "Fetch the model again, or clear starcoder.model.path to use the bundled model.",
    false,
    ["openSettings", "useBundledModel", "doctor"],
  ),
  VALIDATION_ERROR: entry(
    "A value is not valid.",
    "A setting or a request does not have the expected form.",
    "Correct the value named in the message; the default is used until then.",
    false,
    ["openSettings"],
  ),
  DOCUMENT_UNSUPPORTED: entry(
    "This document cannot be used.",
    "It is binary, too large or not open.",
    "Open a text file below the size limit.",
    false,
    [],
  ),
  POSITION_INVALID: entry(
    "The position lies outside the document.",
    "Line or column is beyond the end of the file.",
    "Give a line and column inside the file; both count from 1.",
    false,
    [],
  ),
  INTERNAL_ERROR: entry(
    "Something went wrong inside StarCoder Local.",
    "An unexpected condition; the log has the details.",
    "Restart the service and report the log if it repeats.",
    true,
    ["restart", "showLog"],
  ),
} as const satisfies Record<string, ErrorEntry>;

function entry(
  message: string,
  cause: string,
  remedy: string,
  retryable: boolean,
  actions: readonly ErrorAction[],
): ErrorEntry {
  return { message, cause, remedy, retryable, actions };
}

/** A stable failure code. */
export type ErrorCode = keyof typeof table;

/** The table, by code. */
export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = table;

/** Every code, in table order. */
export const errorCodes = Object.keys(table) as [ErrorCode, ...ErrorCode[]];

/** A failure as it crosses a process boundary. */
export const codedErrorSchema = z.object({
  code: z.enum(errorCodes),
  /** What happened, with the particulars (file, key, size) filled in. */
  message: z.string(),
  remedy: z.string(),
  retryable: z.boolean(),
});
export type CodedErrorData = z.infer<typeof codedErrorSchema>;

/** A failure with a code from the table; `cause` keeps the original error. */
export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string, cause?: unknown) {
    super(
      detail === undefined ? errorTable[code].message : `${errorTable[code].message} ${detail}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
  }

  /** The form that crosses a process boundary. */
  toData(): CodedErrorData {
    const { remedy, retryable } = errorTable[this.code];
    return { code: this.code, message: this.message, remedy, retryable };
  }

  /** The error a peer sent; the message already carries the particulars. */
  static fromData(data: CodedErrorData): CodedError {
    const error = new CodedError(data.code);
    error.message = data.message;
    return error;
  }
}

/** Any thrown value as a coded error: itself, or `INTERNAL_ERROR` with the value as cause. */
export function toCodedError(thrown: unknown, fallback: ErrorCode = "INTERNAL_ERROR"): CodedError {
  if (thrown instanceof CodedError) return thrown;
  return new CodedError(
    fallback,
    thrown instanceof Error ? thrown.message : String(thrown),
    thrown,
  );
}
