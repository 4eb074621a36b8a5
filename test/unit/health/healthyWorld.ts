import type { DoctorWorld } from "../../../server/health/world.ts";
import type { GgufFile } from "../../../server/models/ggufFile.ts";
import type { EditorFacts } from "../../../server/protocol/editorFacts.ts";
import { defaultSettings } from "../../../server/protocol/settings.ts";

export const wholeModel: GgufFile = {
  version: 3,
  tensors: 12,
  metadata: new Map<string, string | number | boolean>([
    ["starcoder2.embedding_length", 256],
    ["starcoder2.block_count", 8],
    ["starcoder2.attention.head_count", 4],
    ["starcoder2.attention.head_count_kv", 2],
  ]),
  parameters: 7_600_000,
  endOfWeights: 8_000_000,
  sizeBytes: 8_000_000,
  architecture: "starcoder2",
  name: "Test",
  tokenizerPre: "starcoder",
  quantization: "Q8_0",
  trainContextSize: 1024,
  vocabularySize: 8192,
  specialTokens: ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
};

export const facts: EditorFacts = {
  editor: { name: "Editor", version: "1.110.0" },
  extensionVersion: "1.0.0",
  side: "local",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: { other: "offWhenInlineCompletions", comments: "off", strings: "off" },
  completionExtensions: [],
  settings: {},
  server: { state: "running", version: "1.0.0" },
};

const trial = {
  kind: "done",
  startMs: 0,
  totalMs: 120,
  generatedTokens: 12,
  evaluatedTokens: 30,
  decodeMs: 60,
  outcome: "It answers",
  useful: true,
} as const;

/** A world in which every check is content. */
export const healthyWorld: DoctorWorld = {
  system: {
    nodeVersion: "v20.20.2",
    platform: "linux",
    arch: "x64",
    release: "6.1",
    processor: () =>
      Promise.resolve({ model: "CPU", cores: 8, load: 0.5, features: new Set(["avx2", "fma"]) }),
    freeMemoryBytes: () => 8e9,
    totalMemoryBytes: () => 16e9,
    env: {},
  },
  home: {
    path: "/home/me/starcoder",
    logs: "/home/me/starcoder/logs",
    models: "/home/me/starcoder/models",
    open: () => Promise.resolve(),
    tryWriting: () => Promise.resolve(),
    freeBytes: () => Promise.resolve(50e9),
  },
  model: {
    path: "/models/a.gguf",
    bundled: false,
    read: () => Promise.resolve(wholeModel),
    familyOf: () => "starcoder2",
    hash: () => Promise.resolve({ kind: "same", sha256: "ab".repeat(32), source: "remembered" }),
  },
  settings: defaultSettings,
  settingProblems: [],
  facts,
  versions: { own: "1.0.0", installed: () => Promise.resolve("1.0.0") },
  probeBinding: () =>
    Promise.resolve({
      kind: "works",
      backend: "cpu",
      devices: [],
      totalBytes: 0,
      usedBytes: 0,
      version: "b1",
    }),
  visibleGpus: () => ({ gpus: [], cudaRuntime: false, vulkanLoader: false }),
  lookAtHosts: () => Promise.resolve({ hosts: [], locks: [] }),
  product: { complete: () => Promise.resolve(trial), review: () => Promise.resolve(trial) },
  ports: { inspectors: [], useOf: () => Promise.resolve({ kind: "free" }) },
  containers: {
    docker: () => Promise.resolve({ kind: "missing" }),
    look: () => Promise.resolve({ kind: "unknown" }),
  },
  git: () => Promise.resolve({ version: "git version 2.40.0" }),
  probeEndpoint: () => Promise.resolve({ stages: [], warnings: [], models: [] }),
  describeEndpoint: () =>
    Promise.resolve({
      ...{ kind: "known", server: "vllm", model: "some-coder", fillsMiddle: true, limits: [] },
    }),
  now: () => new Date("2026-01-01T00:00:00Z"),
};
