import { z } from "zod";
import { backendSchema, kvTypeSchema } from "./host.ts";

/**
 * `machine-overridable`: belongs to the machine, a workspace may override it; `window`: belongs to
 * the user or the workspace.
 */
export type SettingScope = "machine-overridable" | "window";

/** One setting, declared once: the server's validation, package.json and the README come from it. */
export interface SettingDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly default: z.output<Schema>;
  /** What it does. Markdown, one or two sentences. */
  readonly description: string;
  /** When to change it. Markdown. */
  readonly when: string;
  readonly scope: SettingScope;
  /** Ignored from the settings of a workspace that is not trusted. */
  readonly restricted: boolean;
  /** For enumerations: what each value means, in the schema's order. */
  readonly valueDescriptions?: readonly string[];
}

interface Traits {
  readonly scope?: SettingScope;
  readonly restricted?: boolean;
  readonly valueDescriptions?: readonly string[];
}

function setting<Schema extends z.ZodType>(
  schema: Schema,
  defaultValue: z.output<Schema>,
  description: string,
  when: string,
  traits: Traits = {},
): SettingDeclaration<Schema> {
  return {
    schema,
    default: defaultValue,
    description,
    when,
    scope: traits.scope ?? "window",
    restricted: traits.restricted ?? false,
    ...(traits.valueDescriptions ? { valueDescriptions: traits.valueDescriptions } : {}),
  };
}

/** What decides memory, files read and processes started: an untrusted workspace may not set it. */
const machine: Traits = { scope: "machine-overridable", restricted: true };

const integer = (min: number, max: number) => z.number().int().min(min).max(max);
const number = (min: number, max: number) => z.number().min(min).max(max);

/** The prefix of every key in the editor; `initializationOptions` and this table leave it out. */
export const settingsPrefix = "starcoder";

/** Every setting, by its key without the prefix, in the order in which the editor shows them. */
export const settingDeclarations = {
  enabled: setting(
    z.boolean(),
    true,
    "Whether suggestions are made at all.",
    "Turn off to silence StarCoder without uninstalling it; the status menu does the same.",
  ),
  languages: setting(
    z.record(z.string(), z.boolean()),
    { "*": true },
    "In which languages suggestions are made: language id → on or off; `*` stands for all others.",
    'Turn a language off where suggestions disturb, such as `{"markdown": false}`.',
  ),
  "model.path": setting(
    z.string().max(4096),
    "",
    "Path of a GGUF model file trained for fill-in-the-middle; `~` is your home folder. Empty: the model picked with *Choose Model*, at first the bundled starter.",
    "Name a file here to use it whatever was chosen, for instance in one workspace only.",
    machine,
  ),
  "model.contextSize": setting(
    integer(0, 131_072),
    0,
    "Tokens the model can hold at once. 0: what the model was trained on, at most 8192.",
    "Lower it when memory is short; raise it when you want more of the file and the machine is fast.",
    machine,
  ),
  "model.kvType": setting(
    kvTypeSchema,
    "f16",
    "Precision of the model's cache of evaluated text.",
    "`q8_0` halves the cache's memory on a GPU; on a CPU it makes reading the file about twice as slow.",
    {
      ...machine,
      valueDescriptions: ["Full precision, fastest on a CPU.", "Half the memory, slower on a CPU."],
    },
  ),
  "model.gpuLayers": setting(
    integer(-1, 1000),
    -1,
    "Layers of the model placed on the GPU. -1: as many as fit.",
    "Lower it when other programs need the GPU's memory.",
    machine,
  ),
  backend: setting(
    backendSchema,
    "auto",
    "What runs the model. A GPU backend that cannot be loaded falls back to the CPU and says why.",
    "Set `cpu` to leave the GPU alone, or name a GPU backend when `auto` picks the wrong one.",
    {
      ...machine,
      valueDescriptions: [
        "The best that works on this machine.",
        "NVIDIA GPUs.",
        "GPUs through Vulkan.",
        "Apple GPUs.",
        "The processor only.",
      ],
    },
  ),
  threads: setting(
    integer(0, 256),
    0,
    "Threads used while writing a suggestion. 0: chosen from the cores, leaving one free.",
    "Lower it when the machine stutters while you type; all cores at once collapse under other load.",
    machine,
  ),
  prefillThreads: setting(
    integer(0, 256),
    0,
    "Threads used while reading the file. 0: chosen from the cores.",
    "Lower it when opening a file makes the machine stutter.",
    machine,
  ),
  "host.idleTimeout": setting(
    integer(0, 86_400),
    300,
    "Seconds after which the model process ends when no editor window uses it.",
    "Raise it to keep the model in memory between sessions; lower it to free memory sooner.",
    machine,
  ),
  "host.unloadAfter": setting(
    integer(0, 86_400),
    1800,
    "Seconds without a request after which the model is unloaded to free its memory, while windows stay open. 0: never.",
    "Lower it to free memory sooner; the model is loaded again at the next key.",
    machine,
  ),
  "download.connections": setting(
    integer(1, 16),
    4,
    "Connections that a download of a model uses at once.",
    "Lower it where a proxy or the network does not like several.",
    machine,
  ),
  "completion.maxTokens": setting(
    integer(1, 1024),
    64,
    "The most tokens one suggestion may have.",
    "Lower it on a slow machine; raise it for longer blocks.",
  ),
  "completion.maxLines": setting(
    integer(1, 100),
    12,
    "The most lines one suggestion may have.",
    "Lower it when long suggestions move the text below too much.",
  ),
  "completion.multiline": setting(
    z.enum(["auto", "never", "block"]),
    "auto",
    "Whether a suggestion may go on past the end of the line.",
    "Choose `never` for calm, `block` when you mostly want whole bodies.",
    {
      valueDescriptions: [
        "One line in the middle of a line, a block where the syntax asks for one.",
        "Always one line.",
        "Up to the end of the enclosing block.",
      ],
    },
  ),
  "completion.comments": setting(
    z.enum(["on", "manual", "off"]),
    "on",
    "Whether suggestions are made inside comments.",
    "Choose `manual` or `off` when suggestions in prose disturb.",
    { valueDescriptions: ["As in code.", "Only when triggered by hand.", "Never."] },
  ),
  "completion.delay": setting(
    integer(0, 5000),
    0,
    "Milliseconds to wait after a key before the model is asked.",
    "Raise it to see fewer suggestions while typing fast, or to spare the battery.",
  ),
  "completion.deadline": setting(
    integer(50, 5000),
    600,
    "Milliseconds after which an automatic request is answered with what there is, while the model goes on for the next key.",
    "The editor holds its own completion list back until then, 750 ms at most: lower it if that list feels late.",
  ),
  "completion.showThreshold": setting(
    number(-1, 1),
    -1,
    "How likely a suggestion must be right before it is shown unasked, from 0 to 1. -1: as measured best for the model.",
    "Set it, from 0.2 for many suggestions to 0.8 for few and good ones, when the model's own measure does not suit you. Triggering by hand always shows the best there is.",
  ),
  "completion.contextTokens": setting(
    integer(0, 131_072),
    0,
    "Tokens of code given to the model with each request. 0: chosen from the measured speed of this machine.",
    "Set it to hold the context fixed, for instance when comparing models.",
  ),
  "completion.speculation": setting(
    z.enum(["auto", "on", "off"]),
    "auto",
    "Whether the text after a shown suggestion is computed before it is accepted.",
    "Turn it off to save power; on when the machine has a fast GPU.",
    { valueDescriptions: ["Where it pays on this machine.", "Always.", "Never."] },
  ),
  "completion.temperature": setting(
    number(0, 2),
    0,
    "Randomness of the choice of tokens. 0: always the likeliest.",
    "Leave it at 0 unless you want varied suggestions; above 0.5 they become unreliable.",
  ),
  "completion.topP": setting(
    number(0, 1),
    0.95,
    "With a temperature: only the likeliest tokens that together have this probability are considered.",
    "Lower it to keep a raised temperature sensible.",
  ),
  "completion.topK": setting(
    integer(0, 1000),
    40,
    "With a temperature: only so many of the likeliest tokens are considered. 0: all.",
    "Lower it to keep a raised temperature sensible.",
  ),
  "completion.repetitionPenalty": setting(
    number(1, 2),
    1,
    "Makes tokens that were just used less likely. 1: off.",
    "Raise it slightly (1.05 to 1.2) when a model repeats itself.",
  ),
  "completion.seed": setting(
    integer(0, 2_147_483_647).nullable(),
    null,
    "With a temperature: the seed of the random choice. Unset: a new one each time.",
    "Set it to get the same suggestions again.",
  ),
  "context.otherFiles": setting(
    z.boolean(),
    true,
    "Whether similar code of open and recently edited files is given to the model. Secrets and ignored files never are.",
    "Turn it off on a slow machine, or when suggestions copy from other files too much.",
  ),
  "review.mode": setting(
    z.enum(["save", "command", "off"]),
    "save",
    "When code is reviewed.",
    "Choose `command` when you want findings only when you ask for them.",
    {
      valueDescriptions: [
        "What changed, each time a file is saved, and on command.",
        "Only on command.",
        "Never.",
      ],
    },
  ),
  "review.languages": setting(
    z.record(z.string(), z.boolean()),
    { "*": true },
    "In which languages code is reviewed: language id → on or off; `*` stands for all others.",
    "Turn a language off where findings disturb.",
  ),
  "review.minConfidence": setting(
    number(-1, 1),
    -1,
    "How likely a finding must be right before it is drawn, from 0 to 1. -1: as measured best for the model. Weaker findings stay in the list of low-confidence findings.",
    "Raise it, say to 0.9, for fewer findings; lower it, say to 0.5, for more.",
  ),
  "review.rules": setting(
    z.record(z.string(), z.boolean()),
    {},
    "Rules that are turned on or off: rule id → on or off. Rules that are not named are on.",
    'Turn a rule off that does not suit your code, such as `{"starcoder/wrong-literal": false}`.',
  ),
  "review.maxSeconds": setting(
    integer(1, 3600),
    30,
    "Seconds of the model's time that one review may take; what is left is said, and reviewed with the next save.",
    "Raise it on a slow machine when long functions are left out.",
  ),
  "review.comments": setting(
    z.boolean(),
    true,
    "Whether an instruction-tuned model also writes comments.",
    "Turn it off to see only findings by likelihood.",
  ),
  "model.instruct": setting(
    z.enum(["auto", "on", "off"]),
    "auto",
    "Whether the model is instruction-tuned, so that it can be asked for comments in words.",
    "Set it when the model is not known to StarCoder Local; a chat template in the file proves nothing.",
    {
      ...machine,
      valueDescriptions: [
        "As known of the model; one below a billion parameters is not asked.",
        "It follows instructions.",
        "It does not.",
      ],
    },
  ),
  "log.level": setting(
    z.enum(["off", "error", "warn", "info", "debug"]),
    "info",
    "How much is written to the log files. The environment variable `STARCODER_LOG_LEVEL` goes before it.",
    "Choose `debug` while looking for the cause of a problem, or start debug mode.",
    {
      valueDescriptions: [
        "Nothing.",
        "Failures.",
        "Failures and what was worked around.",
        "Also each start, stop and suggestion.",
        "Everything.",
      ],
    },
  ),
  "log.source": setting(
    z.boolean(),
    false,
    "Whether source text (prompts, suggestions) may be written to the log files.",
    "Turn it on only while looking for the cause of a wrong suggestion; the logs then hold your code.",
    machine,
  ),
  "log.maxMegabytes": setting(
    integer(1, 10_000),
    50,
    "The most that all log files together may take, in megabytes; the oldest are removed.",
    "Raise it to look further back.",
    machine,
  ),
  "remote.endpoints": setting(
    z
      .array(
        z.object({
          url: z.string().max(2048),
          name: z.string().max(100).optional(),
          keyVariable: z.string().max(200).optional(),
          model: z.string().max(500).optional(),
        }),
      )
      .max(64),
    [],
    "Remote engines (vLLM, llama-server, TGI, or any server of OpenAI's completions) that are used in place of the local model: `url`, a `name` to show, the `model` to ask for where the server has several, and the environment variable that holds the key. Your code is sent to them.",
    "Add a server where one machine is not enough; *Set the Key of a Remote Engine* keeps a key in the editor's secret storage.",
    machine,
  ),
  "remote.localFallback": setting(
    z.boolean(),
    false,
    "Whether the local model answers while no remote engine can be used.",
    "Turn it on where this machine has memory for a model of its own.",
    machine,
  ),
  "remote.timeout": setting(
    integer(1, 600),
    30,
    "The most seconds a remote engine may take for its first token; the limit in force is a percentile of the last answers and mostly far below.",
    "Raise it for servers that load models on demand.",
    machine,
  ),
  "workflow.rounds": setting(
    integer(0, 20),
    2,
    "How often generated code is reviewed and revised at most. 0: only reviewed.",
    "Raise it with a model that follows instructions well; lower it on a slow machine.",
  ),
  "workflow.minScore": setting(
    number(1, 10),
    9,
    "The score of a review, 1 to 10, at which generated code is good enough.",
    "Lower it to get results sooner.",
  ),
  "workflow.candidates": setting(
    integer(1, 16),
    2,
    "How many versions are written at first; the best of them goes on.",
    "Raise it for better results, lower it for sooner ones.",
  ),
  "workflow.maxTokens": setting(
    integer(1, 10_000_000),
    20_000,
    "The most tokens one task may take, evaluated and generated, over all steps.",
    "Raise it for long code.",
  ),
  "workflow.maxSeconds": setting(
    integer(1, 86_400),
    300,
    "The most seconds one task may take; the best version until then is the result.",
    "Raise it on a slow machine.",
  ),
  "prompts.folder": setting(
    z.string().max(4096),
    "",
    "Folder with prompts of your own: `generate.md`, `revise.md`, `review.md`; those that it does not hold stay the built-in ones. `~` is your home folder.",
    "Copy the built-in files from `prompts/` to change what instruction-tuned models are told.",
    machine,
  ),
  "http.enabled": setting(
    z.boolean(),
    false,
    "Whether the loopback API for scripts and other editors is served while the editor runs.",
    "Turn it on to use the model from other programs; each request needs the key in `api.key` of the home folder.",
    machine,
  ),
  "http.port": setting(
    integer(1, 65_535),
    3745,
    "Port of the loopback API, on this machine only.",
    "Change it where another program listens there.",
    machine,
  ),
  "http.allowedOrigins": setting(
    z.array(z.string().max(2048)).max(100),
    [],
    "Origins of web pages that may call the loopback API, such as `http://localhost:5173`; pages still need the key.",
    "Add the origin of a page that you trust.",
    machine,
  ),
  "http.maxRequests": setting(
    integer(1, 1000),
    8,
    "How many requests of the loopback API run at once; as many again wait, further ones are told to come back later.",
    "Lower it to spare the machine; raise it with remote engines.",
    machine,
  ),
} as const satisfies Record<string, SettingDeclaration>;

/** A setting's key without the prefix, such as `model.path`. */
export type SettingKey = keyof typeof settingDeclarations;

/** Every setting's validated value, by key without the prefix. */
export type Settings = {
  readonly [Key in SettingKey]: z.output<(typeof settingDeclarations)[Key]["schema"]>;
};

/** Every key, in table order. */
export const settingKeys = Object.keys(settingDeclarations) as readonly SettingKey[];

/** The settings when nothing is configured. */
export const defaultSettings: Settings = Object.fromEntries(
  settingKeys.map((key) => [key, settingDeclarations[key].default]),
) as unknown as Settings;

/** Whether suggestions are on for a language: its own entry, else `*`, else on. */
export function isLanguageEnabled(settings: Settings, languageId: string): boolean {
  return settings.enabled && isOn(settings.languages, languageId);
}

/** Whether a language is reviewed, on save or on command. */
export function isLanguageReviewed(settings: Settings, languageId: string): boolean {
  return settings["review.mode"] !== "off" && isOn(settings["review.languages"], languageId);
}

function isOn(languages: Readonly<Record<string, boolean>>, languageId: string): boolean {
  if (Object.hasOwn(languages, languageId)) return languages[languageId] ?? true;
  return languages["*"] ?? true;
}
