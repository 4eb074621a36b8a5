import { CodedError } from "../../../../server/protocol/errors.ts";
import type { DoctorWorld } from "../../../../server/health/world.ts";
import { facts, healthyWorld } from "../healthyWorld.ts";
import { settings, type Fault } from "./machineFaults.ts";

const { versions } = healthyWorld;

const runFile = {
  protocolVersion: 2,
  pid: 42,
  token: "secret",
  socketPath: "/run/a.sock",
  hostVersion: "1.0.0",
  startedAt: "2026-01-01T00:00:00Z",
};
const living = {
  path: "/run/a.json",
  runFile,
  own: true,
  private: true,
  alive: true,
  answer: { kind: "answers", version: "1.0.0", state: "ready" },
} as const;

/** A world whose run folder holds one host, altered so, and these locks. */
export function hosts(changes: object, locks: object[] = []): Partial<DoctorWorld> {
  const seen = { hosts: [{ ...living, ...changes }], locks } as never;
  return { lookAtHosts: () => Promise.resolve(seen) };
}

/** Faults of services, settings, the editor and the network. */
export const serviceFaults: Fault[] = [
  [
    "a host that does not listen",
    hosts({ answer: { kind: "absent" } }),
    "host",
    "failed",
    "HOST_HUNG",
  ],
  [
    "a host that ended without clearing up",
    hosts({ alive: false, answer: { kind: "absent" } }),
    "host",
    "warning",
    "HOST_DIED",
  ],
  [
    "a host that refuses the token",
    hosts({ answer: { kind: "unusable", error: new CodedError("HOST_AUTH").toData() } }),
    "host",
    "failed",
    "HOST_AUTH",
  ],
  ["a run file of another user", hosts({ own: false }), "host", "failed", "HOST_AUTH"],
  ["a run file that others can read", hosts({ private: false }), "host", "warning", "HOST_AUTH"],
  [
    "a lock that was left over",
    hosts({}, [{ path: "/run/a.lock", ageSeconds: 60, own: true }]),
    "host",
    "warning",
    "LOCK_HELD",
  ],
  [
    "a lock of another user",
    hosts({}, [{ path: "/run/a.lock", ageSeconds: 1, own: false }]),
    "host",
    "failed",
    "LOCK_HELD",
  ],
  [
    "a server of another version",
    { facts: { ...facts, server: { state: "running", version: "0.9.0" } } },
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "a host of another version",
    hosts({ answer: { kind: "answers", version: "0.9.0", state: "ready" } }),
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "a package that was updated under a running program",
    { versions: { ...versions, installed: () => Promise.resolve("2.0.0") } },
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "no git",
    { git: () => Promise.resolve({ problem: "There is none." }) },
    "git",
    "warning",
    "GIT_UNAVAILABLE",
  ],
  [
    "a completion that fails",
    {
      product: {
        ...healthyWorld.product,
        complete: () => Promise.resolve({ kind: "failed", code: "HOST_DIED", message: "It died." }),
      },
    },
    "completion",
    "failed",
    "HOST_DIED",
  ],
  [
    "a completion that comes to nothing",
    {
      product: {
        ...healthyWorld.product,
        complete: () =>
          Promise.resolve({ kind: "done", startMs: 0, totalMs: 1, outcome: "", useful: false }),
      },
    },
    "completion",
    "warning",
    "PARSING_ERROR",
  ],
  [
    "a review that fails",
    {
      product: {
        ...healthyWorld.product,
        review: () => Promise.resolve({ kind: "failed", code: "SCORES_INVALID", message: "No." }),
      },
    },
    "review",
    "failed",
    "SCORES_INVALID",
  ],
  [
    "settings that are not valid",
    {
      settingProblems: [
        { code: "VALIDATION_ERROR", key: "starcoder.x", kind: "unknown", message: "starcoder.x." },
      ],
    },
    "settings",
    "failed",
    "VALIDATION_ERROR",
  ],
  [
    "settings that contradict each other",
    settings({ "completion.delay": 900 }),
    "settings",
    "warning",
    "SETTINGS_CONFLICT",
  ],
  [
    "inline suggestions that are off in the editor",
    { facts: { ...facts, inlineSuggestEnabled: false } },
    "inlineSuggest",
    "failed",
    "EDITOR_SUGGESTIONS_OFF",
  ],
  [
    "another extension that completes",
    { facts: { ...facts, completionExtensions: [{ id: "a.b", name: "B", active: true }] } },
    "competitors",
    "warning",
    "EXTENSION_CONFLICT",
  ],
  [
    "settings that a workspace without trust makes in vain",
    { facts: { ...facts, trusted: false, workspaceSettings: ["model.path", "enabled"] } },
    "trust",
    "warning",
    "WORKSPACE_UNTRUSTED",
  ],
  [
    "a debugger's port that another program has",
    {
      ports: {
        inspectors: [{ port: 9229 }],
        useOf: () => Promise.resolve({ kind: "used", pid: 7, program: "node" }),
      },
    },
    "ports",
    "failed",
    "PORT_IN_USE",
  ],
  [
    "an address that is none",
    settings({ "remote.endpoints": [{ url: "http=//here:80", name: "a" }] }),
    "endpoint:a",
    "failed",
    "ENDPOINT_INVALID",
  ],
  [
    "a remote engine that cannot be reached",
    {
      ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
      probeEndpoint: () =>
        Promise.resolve({
          stages: [],
          warnings: [],
          models: [],
          fault: { code: "ENDPOINT_UNREACHABLE", message: "Nothing there." },
        }),
    },
    "endpoint:a",
    "failed",
    "ENDPOINT_UNREACHABLE",
  ],
  [
    "clocks that differ",
    {
      ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
      probeEndpoint: () =>
        Promise.resolve({
          stages: [],
          warnings: [{ code: "CLOCK_SKEW", message: "Its clock is 90 s behind." }],
          models: [],
        }),
    },
    "endpoint:a",
    "warning",
    "CLOCK_SKEW",
  ],
];
