import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../engine/clock.ts";
import { dial } from "../../engine/local/dial.ts";
import { createHostProcesses } from "../../engine/local/hostProcess.ts";
import { CodedError, type CodedErrorData } from "../../protocol/errors.ts";
import type { HostState, RunFile } from "../../protocol/host.ts";
import { readRunFile } from "../../state/runFile.ts";

/** A host's run file, and what became of connecting to it. */
export interface HostSeen {
  readonly path: string;
  /** Absent where the file cannot be understood. */
  readonly runFile?: RunFile;
  /** Whether file belongs to this user, and only this user may read it. */
  readonly own: boolean;
  readonly private: boolean;
  readonly alive: boolean;
  readonly answer:
    | { readonly kind: "answers"; readonly version: string; readonly state: HostState["kind"] }
    | { readonly kind: "absent" }
    | { readonly kind: "unusable"; readonly error: CodedErrorData };
}

/** A lock under which a host is started. */
export interface LockSeen {
  readonly path: string;
  /** Seconds since its holder last touched it. */
  readonly ageSeconds: number;
  readonly own: boolean;
}

export interface HostsSeen {
  readonly hosts: readonly HostSeen[];
  readonly locks: readonly LockSeen[];
}

/** Process ids are reused: what lives under one may be no host. */
const processes = createHostProcesses("host.mjs");

const answerWithinMs = 2500;
/** The name of a host's run file is its engine key. */
const runFileName = /^[0-9a-f]{16}\.json$/;

/** Looks at the run folder of a home and says hello to every host that it names. */
export async function lookAtHosts(homePath: string, version: string): Promise<HostsSeen> {
  const folder = join(homePath, "run");
  const names = await readdir(folder).catch(() => []);
  const [hosts, locks] = await Promise.all([
    Promise.all(
      names
        .filter((name) => runFileName.test(name))
        .map((name) => look(join(folder, name), version)),
    ),
    Promise.all(
      names.filter((name) => name.endsWith(".lock")).map((name) => lookAtLock(join(folder, name))),
    ),
  ]);
  const isThere = <Value>(value: Value | undefined): value is Value => value !== undefined;
  return { hosts: hosts.filter(isThere), locks: locks.filter(isThere) };
}

async function look(path: string, version: string): Promise<HostSeen | undefined> {
  const status = await stat(path).catch(() => undefined);
  // It ended between the listing and now.
  if (status === undefined) return undefined;
  const rights = {
    own: isOwn(status.uid),
    private: process.platform === "win32" || (status.mode & 0o077) === 0,
  };
  const runFile = readRunFile(path);
  if (runFile === undefined) {
    return { path, ...rights, alive: false, answer: { kind: "absent" } };
  }
  const client = { name: "doctor", version, pid: process.pid };
  const outcome = await dial(runFile, { client, clock: systemClock, answerWithinMs });
  const host = { path, runFile, ...rights, alive: processes.isHost(runFile.pid) };
  if (outcome.kind === "absent") return { ...host, answer: { kind: "absent" } };
  if (outcome.kind === "unusable") {
    return { ...host, answer: { kind: "unusable", error: outcome.error.toData() } };
  }
  const { hostVersion, state } = outcome.hello;
  outcome.connection.end(new CodedError("MODEL_UNAVAILABLE"));
  return { ...host, answer: { kind: "answers", version: hostVersion, state: state.kind } };
}

async function lookAtLock(path: string): Promise<LockSeen | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return undefined;
  const ageSeconds = Math.max(0, (Date.now() - status.mtimeMs) / 1000);
  return { path, ageSeconds, own: isOwn(status.uid) };
}

function isOwn(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}
