import { spawn } from "node:child_process";
import type { EditorFacts } from "../protocol/editorFacts.ts";
import { CodedError, type ErrorCode } from "../protocol/errors.ts";
import { installAnswerSchema, type InstallJob } from "./installProtocol.ts";

/** A registry that says nothing for so long is not there. */
const silenceMs = 30_000;

export interface FetchOptions {
  /** The bundle, `dist/install.mjs`. */
  readonly script: string;
  /** How long all of it may take. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** What a failure is called. */
  readonly code: Extract<ErrorCode, "REBUILD_FAILED" | "PACK_FAILED">;
  /** The editor's; what npm and the environment say goes before it. */
  readonly network?: EditorFacts["network"];
}

/**
 * Fetches packages in a process of its own and unpacks them.
 * @throws CodedError of the code asked for with the reason, `DISK_FULL` where there was no room; what
 * was unpacked until then is the caller's
 */
export function fetchPackages(
  job: Omit<InstallJob, "silenceMs">,
  { script, limitMs, signal, code, network }: FetchOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown): void => {
      reject(new CodedError(/\bENOSPC\b/.test(reason) ? "DISK_FULL" : code, reason, cause));
    };
    const child = spawn(process.execPath, [script], {
      // In an Electron extension host the executable is not Node unless told so.
      env: { ...networkVariables(network), ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      killSignal: "SIGKILL",
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.once("error", (cause) => {
      if (signal.aborted) fail("Cancelled.", cause);
      else if (cause.name === "AbortError") {
        fail(`The registry did not deliver within ${String(Math.round(limitMs / 1000))} s.`, cause);
      } else fail(cause.message, cause);
    });
    child.once("close", () => {
      if (signal.aborted) fail("Cancelled.");
      const answer = installAnswerSchema.safeParse(parse(output));
      if (!answer.success)
        fail(complaint.trim().split("\n").at(-1) ?? "The installer ended early.");
      else if (answer.data.ok) resolve();
      else fail(`${answer.data.spec} was not installed. ${answer.data.reason}`);
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify({ ...job, silenceMs: Math.min(silenceMs, limitMs) }));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As npm's libraries read them where npm itself is not configured. */
function networkVariables(network: EditorFacts["network"] = {}): NodeJS.ProcessEnv {
  const { proxy, noProxy = [], strictSSL } = network;
  return {
    ...(proxy === undefined ? {} : { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }),
    ...(noProxy.length === 0 ? {} : { NO_PROXY: noProxy.join(",") }),
    ...(strictSSL === false ? { npm_config_strict_ssl: "false" } : {}),
  };
}
