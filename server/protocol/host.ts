import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { logLevelSchema } from "./logs.ts";
import {
  promptPartSchema,
  prioritySchema,
  requestIdSchema,
  samplingSchema,
  usageSchema,
  type Usage,
} from "./hostPrompt.ts";

export * from "./hostChat.ts";
export * from "./hostPrompt.ts";
export * from "./hostScores.ts";

/**
 * What crosses the socket between a language server and the model host: JSON-RPC (vscode-jsonrpc),
 * first request `hello`. Raised when a message changes so that an older peer would misread it.
 */
export const hostProtocolVersion = 3;

/** The largest message either side accepts, in bytes; a peer that announces more is cut off. */
export const maxHostMessageBytes = 16 * 1024 * 1024;

export const backendSchema = z.enum(["auto", "cuda", "vulkan", "metal", "cpu"]);
export type Backend = z.infer<typeof backendSchema>;

export const kvTypeSchema = z.enum(["f16", "q8_0"]);

/** How a host is launched; what identifies it (the engine key) is a hash over the first block. */
export const hostConfigSchema = z.object({
  modelPath: z.string(),
  backend: backendSchema,
  /** Tokens per sequence. 0: the model's training context, at most 8192. */
  contextSize: z.number().int().min(0),
  kvType: kvTypeSchema,
  /** Layers on the GPU; -1: as many as fit. */
  gpuLayers: z.number().int().min(-1),
  /** Threads while decoding and while evaluating prompts; 0: chosen from the cores. */
  threads: z.number().int().min(0),
  prefillThreads: z.number().int().min(0),
  /** Exit when no client was connected for so many seconds. */
  idleTimeoutSeconds: z.number().min(0),
  /** Unload the model when nothing was asked for so many seconds, clients or not. 0: never. */
  unloadAfterSeconds: z.number().min(0).default(0),
});
export type HostConfig = z.infer<typeof hostConfigSchema>;

/** What is known of the loaded model: enough to detect its family, nothing file-name based. */
export const modelDescriptionSchema = z.object({
  path: z.string(),
  fileSizeBytes: z.number(),
  /** `general.architecture`, `general.name`, `tokenizer.ggml.pre` of the GGUF. */
  architecture: z.string(),
  name: z.string(),
  tokenizerPre: z.string(),
  /** `general.finetune` of the GGUF, such as `Instruct`. */
  finetune: z.string().optional(),
  /** Whether the file carries a chat template; base models do too. */
  chatTemplate: z.boolean().optional(),
  parameters: z.number(),
  quantization: z.string(),
  trainContextSize: z.number(),
  /** Tokens one sequence holds, as created. */
  contextSize: z.number(),
  /** Those of `specialTokenCandidates` that this vocabulary holds as exactly one token. */
  specialTokens: z.array(z.string()),
  vocabularySize: z.number(),
});
export type ModelDescription = z.infer<typeof modelDescriptionSchema>;

/** Special tokens that FIM families use; the host looks each up in the vocabulary. */
export const specialTokenCandidates = [
  "<fim_prefix>",
  "<fim_suffix>",
  "<fim_middle>",
  "<fim_pad>",
  "<fim-prefix>",
  "<fim-suffix>",
  "<fim-middle>",
  "<file_sep>",
  "<repo_name>",
  "<reponame>",
  "<filename>",
  "<gh_stars>",
  "<|endoftext|>",
  "<|fim_prefix|>",
  "<|fim_suffix|>",
  "<|fim_middle|>",
  "<|fim_pad|>",
  "<|repo_name|>",
  "<|file_sep|>",
  "<|im_end|>",
  "<|file_separator|>",
  "<PRE>",
  "<SUF>",
  "<MID>",
  "<EOT>",
  "▁<PRE>",
  "▁<SUF>",
  "▁<MID>",
  "▁<EOT>",
  "<｜fim▁begin｜>",
  "<｜fim▁hole｜>",
  "<｜fim▁end｜>",
  "[PREFIX]",
  "[SUFFIX]",
  "[MIDDLE]",
] as const;

export const generateParamsSchema = z.object({
  /** Unique per connection; token notifications carry it. */
  id: z.string(),
  requestId: requestIdSchema,
  prompt: z.array(promptPartSchema),
  /**
   * Token healing: text cut from the prompt's end that the first generated tokens must spell
   * before decoding goes on freely. It is not part of the streamed text.
   */
  heal: z.string(),
  priority: prioritySchema,
  maxTokens: z.number().int().min(1),
  sampling: samplingSchema,
  /** Special tokens (by text) that end the text; end-of-generation tokens always do. */
  stopTokens: z.array(z.string()),
  /** Strings that end the text; the match itself is not streamed. */
  stopStrings: z.array(z.string()),
});
export type GenerateParams = z.infer<typeof generateParamsSchema>;

export const generateResultSchema = z.object({
  /** `stop`: a stop token, stop string or end of generation; `length`: maxTokens or context full. */
  finish: z.enum(["stop", "length", "cancelled"]),
  /** The stop string that ended it, where one did. */
  stopString: z.string().optional(),
  usage: usageSchema,
});
export type GenerateResult = z.infer<typeof generateResultSchema>;

/** One generated token; text may be empty while a multi-byte character is incomplete. */
export const tokenNotificationSchema = z.object({
  id: z.string(),
  text: z.string(),
  /**
   * Natural logarithm of the probability the model gave this token, before sampling filters; while
   * healing, among the tokens that agree with the text to be spelled.
   */
  logProbability: z.number(),
});
export type TokenNotification = z.infer<typeof tokenNotificationSchema>;

export const warmParamsSchema = z.object({
  requestId: requestIdSchema,
  prompt: z.array(promptPartSchema),
  priority: prioritySchema,
});
export type WarmParams = z.infer<typeof warmParamsSchema>;

export const tokenizeParamsSchema = z.object({ texts: z.array(z.string()) });
export const tokenizeResultSchema = z.object({ tokens: z.array(z.array(z.number())) });

export const helloParamsSchema = z.object({
  protocolVersion: z.number(),
  /** The secret from the run file; a wrong one ends the connection with HOST_AUTH. */
  token: z.string(),
  client: z.object({ name: z.string(), version: z.string(), pid: z.number() }),
});
export type HelloParams = z.infer<typeof helloParamsSchema>;

const hostBackendSchema = z.object({
  requested: backendSchema,
  /** What is in use: `cuda`, `vulkan`, `metal` or `cpu`. */
  used: backendSchema.exclude(["auto"]),
  /** Why it differs from what was requested. */
  fallbackReason: z.string().optional(),
});

/** The host listens before the model is loaded; `state` notifications tell the rest. */
export const hostStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loading") }),
  z.object({
    kind: z.literal("ready"),
    model: modelDescriptionSchema,
    backend: hostBackendSchema,
    /** What was given up to make it fit, such as a smaller context since memory ran short. */
    shrunk: codedErrorSchema.optional(),
  }),
  /** Its memory was given back; the next request loads it again and waits for that. */
  z.object({
    kind: z.literal("unloaded"),
    model: modelDescriptionSchema,
    backend: hostBackendSchema,
    /** `idle`: nobody asked for long; `memory`: others needed it. */
    why: z.enum(["idle", "memory"]),
  }),
  z.object({ kind: z.literal("failed"), error: codedErrorSchema }),
  z.object({
    kind: z.literal("retiring"),
    /** A newer version's host takes its place: it serves who is connected until they have moved. */
    superseded: z.boolean().optional(),
  }),
]);
export type HostState = z.infer<typeof hostStateSchema>;

export const helloResultSchema = z.object({
  protocolVersion: z.number(),
  hostVersion: z.string(),
  pid: z.number(),
  state: hostStateSchema,
});
export type HelloResult = z.infer<typeof helloResultSchema>;

export const hostHealthSchema = z.object({
  pid: z.number(),
  hostVersion: z.string(),
  uptimeSeconds: z.number(),
  state: hostStateSchema,
  clients: z.number(),
  queued: z.number(),
  residentBytes: z.number(),
  modelBytes: z.number().optional(),
  /** How many layers of the model lie on a GPU. */
  layers: z.object({ gpu: z.number(), total: z.number() }).optional(),
  /** Memory of the GPUs as the backend sees it; absent on the CPU. */
  gpuMemory: z
    .object({ totalBytes: z.number(), usedBytes: z.number(), devices: z.array(z.string()) })
    .optional(),
  threads: z.object({ decode: z.number(), prefill: z.number() }),
  /** Measured while running, tokens per second; absent until enough was measured. */
  speed: z.object({ prefill: z.number().optional(), decode: z.number().optional() }),
  slots: z.array(z.object({ tokens: z.number(), busy: z.boolean() })),
});
export type HostHealth = z.infer<typeof hostHealthSchema>;

export const helloRequest = new RequestType<HelloParams, HelloResult, void>("hello");
export const generateRequest = new RequestType<GenerateParams, GenerateResult, void>("generate");
export const warmRequest = new RequestType<
  WarmParams,
  { usage: Usage; finish: "done" | "cancelled" },
  void
>("warm");
export const tokenizeRequest = new RequestType<
  z.infer<typeof tokenizeParamsSchema>,
  z.infer<typeof tokenizeResultSchema>,
  void
>("tokenize");
export const hostHealthRequest = new RequestType0<HostHealth, void>("health");
/** Stop accepting work, finish what runs, exit. Sent by the server that switched to another host. */
export const retireRequest = new RequestType0<null, void>("retire");
export const supersedeParamsSchema = z.object({
  /** The version of the host that is to take its place. */
  hostVersion: z.string(),
});
export const supersedeResultSchema = z.object({ leaves: z.boolean() });
/**
 * Server of a newer version → older host, instead of using it: it leaves its socket and run file to
 * the next host, tells its clients that it is `retiring`, and serves them until they have moved.
 * `leaves` is false where the version is not newer than its own.
 */
export const supersedeRequest = new RequestType<
  z.infer<typeof supersedeParamsSchema>,
  z.infer<typeof supersedeResultSchema>,
  void
>("supersede");
/** How the host logs: a host serves several servers, the most talkative of them decides. */
export const hostLogSettingsSchema = z.object({
  level: logLevelSchema,
  source: z.boolean(),
  /** The most that all log files of the home may take together. */
  maxMegabytes: z.number().min(1).optional(),
});
export type HostLogSettings = z.infer<typeof hostLogSettingsSchema>;
/** Server → host, after `hello` and on each change. Hosts of older versions ignore it. */
export const logSettingsNotification = new NotificationType<HostLogSettings>("logSettings");
export const focusParamsSchema = z.object({ focused: z.boolean() });
/**
 * Server → host, after `hello` and on each change: whether its window has the focus. Until it says
 * so, it has. Hosts of older versions ignore it.
 */
export const focusNotification = new NotificationType<z.infer<typeof focusParamsSchema>>("focus");
export const inspectParamsSchema = z.object({ on: z.boolean() });
export const inspectResultSchema = z.object({ url: z.string().nullable() });
/** Server → host: open or close the Node inspector, on a free port of this machine only. */
export const inspectRequest = new RequestType<
  z.infer<typeof inspectParamsSchema>,
  z.infer<typeof inspectResultSchema>,
  void
>("inspect");
export const tokenNotification = new NotificationType<TokenNotification>("token");
export const stateNotification = new NotificationType<HostState>("state");

/** JSON-RPC error code of every coded failure; `data` is a `codedErrorSchema`. */
export const codedErrorRpcCode = -32001;

/** The run file beside the socket: who serves it and how to authenticate. Mode 0600. */
export const runFileSchema = z.object({
  protocolVersion: z.number(),
  pid: z.number(),
  token: z.string(),
  socketPath: z.string(),
  hostVersion: z.string(),
  startedAt: z.string(),
});
export type RunFile = z.infer<typeof runFileSchema>;

/** What the launcher tells a new host, as JSON in the environment variable `STARCODER_HOST_LAUNCH`. */
export const hostLaunchSchema = z.object({
  config: hostConfigSchema,
  socketPath: z.string(),
  runFilePath: z.string(),
  /** The secret that clients present in `hello`; the host writes it to the run file. */
  token: z.string(),
  hostVersion: z.string(),
  /** How it logs until a server says otherwise. */
  log: hostLogSettingsSchema.optional(),
  /** Folder whose `node_modules/@node-llama-cpp` holds libraries for GPUs that were installed later. */
  packsFolder: z.string().optional(),
});
export type HostLaunch = z.infer<typeof hostLaunchSchema>;

/** The environment variable that carries `hostLaunchSchema`. */
export const hostLaunchVariable = "STARCODER_HOST_LAUNCH";
