/**
 * What a button under an error message does. `errorActionCommands` in commands.ts names the command
 * behind each and what the button says.
 */
export const errorActions = [
  "restart",
  "restartServer",
  "rebuild",
  "reset",
  "showLog",
  "openSettings",
  "useBundledModel",
  "doctor",
  "health",
  "explain",
  "report",
  "enableInlineSuggest",
  "manageTrust",
  "showExtensions",
] as const;
export type ErrorAction = (typeof errorActions)[number];

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

/** Every failure by its code; docs/errors.md is written from it. */
export const errorTable = {
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
    "Correct starcoder.model.path (--model on the command line), or clear it to use the bundled model.",
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
    "Rebuild, which installs it anew, or reinstall the extension for this platform.",
    false,
    ["rebuild", "doctor", "showLog"],
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
    ["restart", "doctor", "rebuild", "showLog"],
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
    "Correct the value named in the message.",
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
    "Restart the service and report the issue if it repeats.",
    true,
    ["restart", "showLog", "report"],
  ),

  MODEL_DAMAGED: entry(
    "The model file is damaged.",
    "Its contents do not have the hash that they had when it was fetched or first loaded.",
    "Fetch the file again, or clear starcoder.model.path to use the bundled model.",
    false,
    ["openSettings", "useBundledModel", "doctor"],
  ),
  SERVER_DIED: entry(
    "The language server stopped unexpectedly.",
    "The process ended while the window needed it.",
    "It is restarted by itself; run the doctor if this repeats.",
    true,
    ["restartServer", "showLog", "doctor"],
  ),
  SERVER_CRASH_LOOP: entry(
    "The language server keeps stopping and is not restarted any more.",
    "It ended several times within three minutes.",
    "Run the doctor to find the cause, then restart the language server.",
    false,
    ["restartServer", "doctor", "showLog"],
  ),
  VERSION_MISMATCH: entry(
    "Extension and service are of different versions.",
    "The extension was updated while an older service kept running.",
    "Restart the language server; reload the window if this stays.",
    false,
    ["restartServer"],
  ),
  LOCK_HELD: entry(
    "A lock in the home folder is held by a process that is gone or does not answer.",
    "A process ended without letting go of it.",
    "Restart the service; stale locks are taken over after some seconds.",
    true,
    ["restart"],
  ),
  NODE_UNSUPPORTED: entry(
    "This Node.js is too old.",
    "The service needs Node.js 20 or newer.",
    "Install Node.js 20 or newer, or use the editor's own by updating it.",
    false,
    [],
  ),
  PLATFORM_UNSUPPORTED: entry(
    "This machine cannot run the model.",
    "The processor or the system lacks something that the native library needs.",
    "Use another machine, or point StarCoder Local to a remote engine.",
    false,
    ["openSettings"],
  ),
  DISK_FULL: entry(
    "The disk is full.",
    "There is no space left where StarCoder Local keeps its files.",
    "Free space, or set STARCODER_HOME to a folder on another disk.",
    false,
    ["doctor"],
  ),
  LOG_UNREADABLE: entry(
    "A log file cannot be read.",
    "It was removed, is not readable for this user, or holds no log records.",
    "Open another log file, or restore the right to read it.",
    false,
    ["showLog", "doctor"],
  ),
  SETTINGS_CONFLICT: entry(
    "Settings contradict each other.",
    "One setting makes another one useless.",
    "Change one of the settings named in the message.",
    false,
    ["openSettings"],
  ),
  EDITOR_SUGGESTIONS_OFF: entry(
    "The editor shows no inline suggestions.",
    "editor.inlineSuggest.enabled is off.",
    "Turn editor.inlineSuggest.enabled on.",
    false,
    ["enableInlineSuggest"],
  ),
  EXTENSION_CONFLICT: entry(
    "Another extension makes inline suggestions, too.",
    "The editor shows the suggestions of one extension at a time, and waits for all of them.",
    "Disable the other extension, or its inline suggestions.",
    false,
    ["showExtensions"],
  ),
  WORKSPACE_UNTRUSTED: entry(
    "The workspace is not trusted.",
    "Settings of this workspace that choose the model or use memory are not taken.",
    "Trust the workspace if you know who wrote it.",
    false,
    ["manageTrust"],
  ),
  GIT_UNAVAILABLE: entry(
    "Git is not available.",
    "There is no git, or it does not answer.",
    "Install git to have reviews look at what changed since the last commit.",
    false,
    [],
  ),
  BACKUP_INVALID: entry(
    "The backup cannot be restored.",
    "The file is damaged, is no backup of StarCoder Local, or names files outside its place.",
    "Choose another backup. Nothing was changed.",
    false,
    [],
  ),
  BACKUP_VERSION: entry(
    "The backup was made by another version.",
    "Its form is not known to this version.",
    "Update StarCoder Local, then restore again. Nothing was changed.",
    false,
    [],
  ),
  REBUILD_FAILED: entry(
    "The rebuild did not succeed.",
    "A step named in the message failed; what worked before was put back.",
    "Read the failed step, remedy it, and rebuild again.",
    false,
    ["rebuild", "showLog", "report"],
  ),
  PORT_IN_USE: entry(
    "A port is in use.",
    "Another program listens there.",
    "End the other program or choose another port.",
    false,
    ["openSettings"],
  ),
  ENDPOINT_INVALID: entry(
    "The address of a remote engine is not valid.",
    "An entry of starcoder.remote.endpoints is no http or https address.",
    "Correct the entry named in the message.",
    false,
    ["openSettings"],
  ),
  ENDPOINT_DNS: entry(
    "The name of a remote engine cannot be resolved.",
    "The name server does not know it, or cannot be reached.",
    "Check the spelling in starcoder.remote.endpoints and the network.",
    true,
    ["openSettings", "doctor"],
  ),
  ENDPOINT_UNREACHABLE: entry(
    "A remote engine cannot be reached.",
    "Nothing accepts connections at its address, or a firewall is between.",
    "Start the engine, or correct its address and port.",
    true,
    ["openSettings", "doctor"],
  ),
  ENDPOINT_TLS: entry(
    "The certificate of a remote engine is not accepted.",
    "It is expired, made for another name, or signed by an authority that is not known here.",
    "Renew the certificate, or add its authority to those the system trusts.",
    false,
    ["openSettings", "doctor"],
  ),
  ENDPOINT_PROXY: entry(
    "The proxy refused the connection to a remote engine.",
    "The proxy is wrong, cannot be reached, or wants a password.",
    "Correct the proxy settings, or except the engine from it.",
    false,
    ["openSettings", "doctor"],
  ),
  ENDPOINT_REFUSED: entry(
    "A remote engine did not accept the request.",
    "It answered with status 400, 405, 413 or 422.",
    "Check that the address is that of a completions server of a kind that is supported.",
    false,
    ["openSettings", "showLog"],
  ),
  ENDPOINT_AUTH: entry(
    "A remote engine refused the key.",
    "It answered with status 401, 403 or 407.",
    "Give the right key for this engine.",
    false,
    ["openSettings"],
  ),
  ENDPOINT_NOT_FOUND: entry(
    "There is no completions server at this address.",
    "The remote engine answered with status 404 or 410.",
    "Correct the path in starcoder.remote.endpoints.",
    false,
    ["openSettings"],
  ),
  ENDPOINT_BUSY: entry(
    "A remote engine has too much to do.",
    "It answered with status 429 or 503.",
    "Try again later, or add another engine.",
    true,
    ["openSettings"],
  ),
  ENDPOINT_FAILED: entry(
    "A remote engine failed.",
    "It answered with a status of 500 or above.",
    "Look at the log of the engine.",
    true,
    ["showLog"],
  ),
  CLOCK_SKEW: entry(
    "The clocks of this machine and a remote engine differ.",
    "One of them is wrong by more than a minute; certificates and logs then cannot be trusted.",
    "Set the clock that is wrong.",
    false,
    [],
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
