import type { Health, RecentRequest } from "../../../server/protocol/health.ts";
import type { DoctorCheck, DoctorReport } from "../../../server/protocol/records.ts";
import type { Stats, StatsWindow } from "../../../server/protocol/stats.ts";
import type { Status } from "../../../server/protocol/status.ts";

/** The time at which the samples were seen. */
export const sampleTime = "2026-11-24T12:00:00.000Z";

export const sampleStatus: Status = {
  state: "ok",
  message: "Ready.",
  actions: [],
  settingProblems: [],
  model: {
    name: "StarCoder Tiny",
    path: "/models/starcoder-tiny.gguf",
    starter: true,
    architecture: "starcoder2",
    parameters: 4_200_000,
    quantization: "Q8_0",
    contextSize: 2048,
  },
  backend: { requested: "auto", used: "cpu" },
};

/** A request as the live charts get it, `index` seconds before the samples' time. */
export function sampleRequest(index: number): RecentRequest {
  return {
    time: new Date(new Date(sampleTime).getTime() - index * 1000).toISOString(),
    requestId: `request-${index}`,
    service: "completion",
    totalMs: 40 + ((index * 37) % 90),
    queueMs: index % 7,
    prefillMs: 10 + ((index * 13) % 30),
    decodeMs: 20 + ((index * 7) % 40),
    evaluatedTokens: 4 + ((index * 11) % 40),
    reusedTokens: 300,
    generatedTokens: 6 + (index % 12),
    outcome: "suggestion",
  };
}

export const sampleHealth: Health = {
  time: sampleTime,
  server: { version: "0.1.0", pid: 4001, uptimeSeconds: 3720, residentBytes: 148_000_000 },
  status: sampleStatus,
  services: [
    {
      name: "server",
      state: "ok",
      message: "It answers.",
      version: "0.1.0",
      pid: 4001,
      uptimeSeconds: 3720,
      residentBytes: 148_000_000,
      actions: [],
    },
    {
      name: "host",
      state: "ok",
      message: "2 clients, idle.",
      version: "0.1.0",
      pid: 4002,
      uptimeSeconds: 7400,
      residentBytes: 212_000_000,
      lastError: {
        time: "2026-11-24T11:48:00.000Z",
        code: "HOST_DIED",
        message: "Signal SIGKILL.",
      },
      actions: [],
    },
    { name: "completion", state: "ok", message: "Ready.", actions: [] },
    {
      name: "review",
      state: "ok",
      message: "Ready: reviews when a file is saved.",
      actions: [],
    },
  ],
  servers: [
    {
      pid: 4001,
      version: "0.1.0",
      startedAt: "2026-11-24T10:58:00.000Z",
      residentBytes: 148_000_000,
      self: true,
    },
    {
      pid: 3900,
      version: "0.1.0",
      startedAt: "2026-11-24T09:10:00.000Z",
      residentBytes: 139_000_000,
      self: false,
    },
  ],
  model: {
    name: "StarCoder Tiny",
    path: "/models/starcoder-tiny.gguf",
    starter: true,
    sizeBytes: 4_800_000,
    architecture: "starcoder2",
    parameters: 4_200_000,
    quantization: "Q8_0",
    contextSize: 2048,
    trainContextSize: 4096,
    family: "starcoder2",
    fimOrder: "SPM",
  },
  backend: { requested: "auto", used: "cpu" },
  speed: { prefill: 6200, decode: 410 },
  memory: {
    totalBytes: 16_000_000_000,
    freeBytes: 9_000_000_000,
    serversBytes: 287_000_000,
    hostBytes: 212_000_000,
  },
  logs: { folder: "/home/someone/.local/share/starcoder-local/logs", level: "info", source: false },
  recent: Array.from({ length: 38 }, (_, index) => sampleRequest(38 - index)),
};

const latency = { count: 38, p50: 62, p90: 110, p95: 121, p99: 160, max: 171 };

export const sampleWindow: StatsWindow = {
  since: sampleTime,
  requests: 1240,
  automatic: 1200,
  invoked: 40,
  shown: 610,
  acceptedWhole: 150,
  acceptedPart: 60,
  kept30s: 180,
  judged30s: 200,
  kept5min: 150,
  judged5min: 190,
  charactersSaved: 8412,
  nothing: { gate: 400 },
  errors: { HOST_DIED: 2, TIMEOUT_ERROR: 5 },
  reviews: 31,
  findings: 12,
  latency: { queue: latency, prefill: latency, decode: latency, total: latency, review: latency },
  tokens: { evaluated: 31_000, reused: 410_000, generated: 12_000, hedged: 0 },
  fromCache: 122,
  joined: 10,
  cacheHitRate: 0.2,
  speed: { prefill: 6200, decode: 410 },
};

export const emptyWindow: StatsWindow = {
  ...sampleWindow,
  ...{ requests: 0, automatic: 0, invoked: 0, shown: 0, acceptedWhole: 0, acceptedPart: 0 },
  ...{ kept30s: 0, judged30s: 0, kept5min: 0, judged5min: 0, charactersSaved: 0, reviews: 0 },
  ...{ findings: 0, fromCache: 0, joined: 0, errors: {}, nothing: {}, speed: {} },
  latency: {
    ...sampleWindow.latency,
    total: { count: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 },
  },
  tokens: { evaluated: 0, reused: 0, generated: 0, hedged: 0 },
  cacheHitRate: undefined,
};

/** As the command line tells them: it is no server. */
export const statsWithoutSession: Stats = {
  note: "Counted on this machine only.",
  hour: sampleWindow,
  day: sampleWindow,
  total: {
    ...sampleWindow,
    requests: 48_210,
    shown: 21_400,
    errors: { TIMEOUT_ERROR: 9, HOST_DIED: 2 },
  },
  steps: Array.from({ length: 150 }, (_, index) => ({
    time: new Date(new Date(sampleTime).getTime() - (150 - index) * 300_000).toISOString(),
    requests: 20,
    shown: (index * 7) % 20,
    accepted: (index * 3) % 9,
    errors: index % 40 === 0 ? 2 : 0,
    ...(index % 11 === 0 ? {} : { p50Ms: 50 + (index % 20), p95Ms: 90 + ((index * 5) % 60) }),
    evaluatedTokens: (index * 97) % 800,
    generatedTokens: (index * 31) % 200,
  })),
  memory: {},
};

export const sampleStats: Stats = { ...statsWithoutSession, session: sampleWindow };

function check(over: Partial<DoctorCheck>): DoctorCheck {
  return {
    name: "node",
    title: "Node.js",
    group: "machine",
    status: "ok",
    message: "Version 22.1.0.",
    why: "The service runs on it.",
    fixes: [],
    durationMs: 1.2,
    ...over,
  };
}

export const sampleReport: DoctorReport = {
  ok: false,
  full: false,
  time: sampleTime,
  version: "0.1.0",
  platform: "linux-x64",
  checks: [
    check({}),
    check({ name: "memory", title: "Free memory", message: "9 GB free, 0.4 GB needed." }),
    check({
      name: "model",
      title: "Model file",
      group: "model",
      status: "failed",
      code: "MODEL_INVALID",
      message: "/models/broken.gguf begins with no GGUF magic.",
      why: "Without a model there are no suggestions.",
      remedy: "Fetch the file again, or clear starcoder.model.path to use the bundled model.",
      fixes: [
        { action: "useBundledModel", label: "Use Bundled Model" },
        { action: "doctor", label: "Diagnose Again", cli: "starcoder doctor" },
      ],
    }),
    check({
      name: "hash",
      title: "Checksum of the model",
      group: "model",
      status: "skipped",
      message: "Only with --full.",
    }),
    check({
      name: "inlineSuggest",
      title: "Inline suggestions of the editor",
      group: "editor",
      status: "warning",
      code: "EDITOR_SUGGESTIONS_OFF",
      message: "editor.inlineSuggest.enabled is off.",
      why: "The editor draws no suggestion then.",
      remedy: "Turn editor.inlineSuggest.enabled on.",
      fixes: [{ action: "enableInlineSuggest", label: "Turn On" }],
    }),
    check({ name: "socket", title: "Socket", group: "service", message: "Owned by process 4002." }),
  ],
};
