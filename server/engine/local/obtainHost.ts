import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { CodedError } from "../../protocol/errors.ts";
import {
  hostProtocolVersion,
  retireRequest,
  supersedeRequest,
  supersedeResultSchema,
  type HelloParams,
  type HelloResult,
  type HostConfig,
  type HostLogSettings,
  type RunFile,
} from "../../protocol/host.ts";
import { isNewerVersion } from "../../protocol/isNewerVersion.ts";
import { engineKey } from "../../state/engineKey.ts";
import { openHome } from "../../state/home.ts";
import { readRunFile } from "../../state/runFile.ts";
import { runPathsOf, type RunPaths } from "../../state/runPaths.ts";
import type { Clock } from "../clock.ts";
import { dial, type DialOutcome } from "./dial.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { HostProcesses } from "./hostProcess.ts";
import { takeLaunchLock } from "./launchLock.ts";
import { waitForChange } from "./waitForChange.ts";

export interface ObtainOptions {
  readonly homePath: string;
  readonly config: HostConfig;
  readonly client: HelloParams["client"];
  readonly processes: HostProcesses;
  readonly clock: Clock;
  /** Replace a host that runs but has failed to load its model. */
  readonly replaceFailed: boolean;
  /** Stops waiting; a host that was already started lives on for others. */
  readonly signal: AbortSignal;
  /** How a new host logs. */
  readonly logging?: HostLogSettings;
  /** How long a new host may take until it listens (the model loads after that). */
  readonly listenWithinMs?: number;
  readonly answerWithinMs?: number;
}

export interface ObtainedHost {
  readonly connection: HostConnection;
  readonly hello: HelloResult;
}

/**
 * A host that is there, or that there is none to connect to; `replace` names one to end first,
 * `older` one that is to leave first.
 */
type Finding =
  | { readonly kind: "connected"; readonly host: ObtainedHost }
  | { readonly kind: "retiring" }
  | {
      readonly kind: "absent";
      readonly replace?: RunFile;
      readonly older?: RunFile;
      readonly reason?: CodedError;
    };

/**
 * Connects to the host for this configuration, starting it where there is none, asking one of an
 * older version to leave its place, and ending one that refuses us or does not answer. However many
 * servers ask at once, one of them starts it, under a lock, and the others connect.
 * @throws CodedError the reason there is no host: about the home, the model file or its start
 */
export async function obtainHost(options: ObtainOptions): Promise<ObtainedHost> {
  const home = openHome(options.homePath);
  const paths = runPathsOf(home, engineKey(options.config));
  while (!options.signal.aborted) {
    const finding = await find(paths, options);
    if (finding.kind === "connected") return finding.host;
    if (finding.kind === "absent") {
      const release = await takeLaunchLock(paths.lockPath);
      if (release !== undefined) {
        try {
          const host = await findOrLaunch(paths, home.run, options);
          if (host !== undefined) return host;
        } finally {
          await release();
        }
        continue;
      }
    }
    await waitForChange(home.run, 100);
  }
  throw new CodedError("MODEL_UNAVAILABLE");
}

/** Looks again now that nobody else starts one. `undefined`: look once more, without the lock. */
async function findOrLaunch(
  paths: RunPaths,
  folder: string,
  options: ObtainOptions,
): Promise<ObtainedHost | undefined> {
  const finding = await find(paths, options);
  if (finding.kind === "connected") return finding.host;
  if (finding.kind === "retiring" || options.signal.aborted) return undefined;
  if (finding.replace !== undefined) await options.processes.end(finding.replace.pid);
  if (finding.older !== undefined) await askToLeave(finding.older, options);
  const before = finding.older ?? finding.replace;
  // A pipe of Windows stays taken while anybody is connected to the host that left.
  const taken = before?.socketPath === paths.socketPath;
  const socketPath = taken ? otherSocketPath(paths.socketPath) : paths.socketPath;
  const token = randomBytes(24).toString("hex");
  const pid = await options.processes.launch(
    {
      config: options.config,
      socketPath,
      runFilePath: paths.runFilePath,
      token,
      hostVersion: options.client.version,
      ...(options.logging === undefined ? {} : { log: options.logging }),
    },
    { logPath: paths.logPath, folder },
  );
  await listens(pid, token, paths, folder, options);
  const launched = await find(paths, { ...options, replaceFailed: false });
  if (launched.kind === "connected") return launched.host;
  // Not tried again here: the caller counts how often a host fails.
  const reason = launched.kind === "absent" ? launched.reason : undefined;
  throw reason ?? new CodedError("HOST_DIED", lastLines(paths.logPath));
}

/** Waits until the run file names the new host, or another that was quicker. */
async function listens(
  pid: number,
  token: string,
  paths: RunPaths,
  folder: string,
  options: ObtainOptions,
): Promise<void> {
  const { clock, processes, listenWithinMs = 20_000 } = options;
  const end = clock.now() + listenWithinMs;
  while (readRunFile(paths.runFilePath)?.token !== token) {
    if (!processes.isAlive(pid)) {
      const other = readRunFile(paths.runFilePath);
      if (other !== undefined && other.token !== token && processes.isAlive(other.pid)) return;
      throw new CodedError("HOST_DIED", lastLines(paths.logPath));
    }
    if (clock.now() > end) {
      await processes.end(pid);
      throw new CodedError("HOST_HUNG", "It did not begin to listen.");
    }
    await waitForChange(folder, 50);
  }
}

async function find(paths: RunPaths, options: ObtainOptions): Promise<Finding> {
  const runFile = readRunFile(paths.runFilePath);
  if (runFile === undefined) return { kind: "absent" };
  const outcome = await dial(runFile, {
    client: options.client,
    clock: options.clock,
    answerWithinMs: options.answerWithinMs ?? 5000,
  });
  if (outcome.kind === "absent") return { kind: "absent" };
  if (outcome.kind === "unusable" && runFile.protocolVersion < hostProtocolVersion) {
    return { kind: "absent", older: runFile };
  }
  if (outcome.kind === "unusable") return unusable(outcome, runFile, options.processes);
  const { connection, hello } = outcome;
  if (hello.state.kind === "retiring") {
    connection.end(new CodedError("MODEL_UNAVAILABLE"));
    return { kind: "retiring" };
  }
  if (isNewerVersion(options.client.version, hello.hostVersion)) {
    connection.end(new CodedError("MODEL_UNAVAILABLE"));
    return { kind: "absent", older: runFile };
  }
  if (hello.state.kind === "failed" && options.replaceFailed) {
    connection.end(new CodedError("MODEL_UNAVAILABLE"));
    return { kind: "absent", replace: runFile };
  }
  return { kind: "connected", host: { connection, hello } };
}

function unusable(
  outcome: Extract<DialOutcome, { kind: "unusable" }>,
  runFile: RunFile,
  processes: HostProcesses,
): Finding {
  if (outcome.error.code === "HOST_VERSION" && runFile.protocolVersion > hostProtocolVersion) {
    // A newer server started it; ending it would only start a fight between the two.
    throw new CodedError("HOST_VERSION", "It is newer than this server: reload the window.");
  }
  if (outcome.error.code === "HOST_DIED" && !processes.isAlive(runFile.pid)) {
    return { kind: "absent", reason: outcome.error };
  }
  return { kind: "absent", replace: runFile, reason: outcome.error };
}

/**
 * Asks a host to leave its place: it serves its clients on until they have moved, or, where it is
 * of an older protocol, until they are gone. One that cannot be asked is ended.
 */
async function askToLeave(runFile: RunFile, options: ObtainOptions): Promise<void> {
  const outcome = await dial(runFile, {
    client: options.client,
    clock: options.clock,
    answerWithinMs: options.answerWithinMs ?? 5000,
    protocolVersion: runFile.protocolVersion,
  });
  if (outcome.kind === "absent") return;
  if (outcome.kind === "unusable") {
    await options.processes.end(runFile.pid);
    return;
  }
  const { connection } = outcome;
  const answerWithin = options.clock.after(options.answerWithinMs ?? 5000, () =>
    connection.end(new CodedError("HOST_HUNG")),
  );
  const hostVersion = options.client.version;
  const asked = await connection.call(supersedeRequest, { hostVersion }, supersedeResultSchema);
  const left =
    asked.kind === "done" ||
    (await connection.call(retireRequest, undefined, z.null())).kind === "done";
  answerWithin();
  connection.end(new CodedError("MODEL_UNAVAILABLE"));
  if (!left) await options.processes.end(runFile.pid);
}

function otherSocketPath(path: string): string {
  return path.endsWith(".sock") ? path.replace(/\.sock$/, ".b.sock") : `${path}-b`;
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(-3).join("\n").slice(-500);
  } catch {
    return "";
  }
}
