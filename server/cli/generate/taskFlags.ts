import { basename, resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Settings } from "../../protocol/settings.ts";
import { workflowTaskSchema, type WorkflowTask } from "../../protocol/workflow.ts";
import { nearLanguages } from "../../text/knownLanguage.ts";
import { languageOf } from "../../text/languageOf.ts";
import { readText } from "../../workspace/readText.ts";
import type { Flags } from "../commandLine.ts";
import { UsageError } from "../outcome.ts";
import { shownPathOf } from "../target.ts";
import { unsupported } from "../unsupported.ts";

/** What a task is made of on the command line. */
export interface TaskFlags extends Flags {
  readonly task?: string;
  readonly language?: string;
  readonly requirements: readonly string[];
  readonly tests?: string;
  readonly path?: string;
  readonly code?: string;
  readonly candidates?: number;
  readonly rounds?: number;
  readonly maxSeconds?: number;
  readonly maxTokens?: number;
  readonly minScore?: number;
  readonly review: boolean;
  readonly prompts?: string;
  readonly instruct?: Settings["model.instruct"];
}

const longestFile = 400_000;

export function addTaskFlags(command: Command): Command {
  return command
    .option("--task <text>", "what the code is to do; `-` reads it from standard input")
    .option("--language <id>", "such as typescript; by default what --path or --code tells")
    .option("--requirements <text>", "a further demand; may be given several times", gather, [])
    .option("--tests <file>", "tests that the code is to pass; shown to the model, not run")
    .option("--path <path>", "path of the file that the code is for, as the model is shown it")
    .option("--code <file>", "code to revise; the task says what is to change, and may be left out")
    .option("--candidates <n>", "versions written at first; the best goes on", toNumber)
    .option("--rounds <n>", "revisions at most", toNumber)
    .option("--max-seconds <s>", "seconds at most; the best until then is the result", toNumber)
    .option("--max-tokens <n>", "tokens at most, evaluated and generated", toNumber)
    .option("--min-score <score>", "score, 1 to 10, that is good enough", toNumber)
    .option("--no-review", "only generate: no score, no revision")
    .option("--prompts <folder>", "prompts of your own, as in starcoder.prompts.folder")
    .addOption(
      new Option("--instruct <mode>", "whether the model follows instructions").choices([
        "auto",
        "on",
        "off",
      ]),
    );
}

function gather(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, text];
}

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number.");
}

/** A task from flags, and the file that it is about. */
export interface NamedTask {
  readonly task: WorkflowTask;
  /** Of `--code`. */
  readonly uri?: string;
}

/**
 * @throws UsageError for flags that make no task; CodedError for files that cannot be read
 */
export async function taskOf(flags: TaskFlags): Promise<NamedTask> {
  const { task = "", code, tests, review, requirements } = flags;
  if (flags.task === undefined && code === undefined) {
    throw new UsageError("Say what the code is to do with --task, or give --code.");
  }
  const path = flags.path ?? (code === undefined ? undefined : shownPathOf(resolve(code)));
  const language = flags.language ?? languageOf(basename(path ?? ""));
  if (flags.language === undefined && language === "plaintext") {
    throw new UsageError("Name the language with --language.");
  }
  const near = nearLanguages(language);
  if (near.length > 0) {
    throw new UsageError(
      `--language: ${language} is not known. Did you mean ${near.join(" or ")}?`,
    );
  }
  const budget = withoutUndefined({
    candidates: flags.candidates,
    rounds: flags.rounds,
    seconds: flags.maxSeconds,
    tokens: flags.maxTokens,
    minScore: flags.minScore,
  });
  const given = {
    task: task === "-" ? await readAll(process.stdin) : task,
    ...withoutUndefined({
      path,
      tests: tests === undefined ? undefined : await read(tests),
      code: code === undefined ? undefined : await read(code),
    }),
    ...{ language, requirements: [...requirements], review, budget },
  };
  const parsed = workflowTaskSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`${flagOf(issue?.path ?? [])}: ${issue?.message}`);
  }
  return {
    task: parsed.data,
    ...(code === undefined ? {} : { uri: pathToFileURL(resolve(code)).href }),
  };
}

/** The flag that a part of the task comes from, as people write it. */
function flagOf(path: readonly PropertyKey[]): string {
  const name = String(path[0] === "budget" ? path[1] : path[0]);
  const known: Readonly<Record<string, string>> = {
    seconds: "max-seconds",
    tokens: "max-tokens",
    minScore: "min-score",
  };
  return `--${known[name] ?? name}`;
}

/** Settings that the flags stand for. */
export function settingsOf({ prompts, instruct }: TaskFlags): Partial<Settings> {
  return {
    ...(prompts === undefined
      ? {}
      : { "prompts.folder": prompts.startsWith("~") ? prompts : resolve(prompts) }),
    ...(instruct === undefined ? {} : { "model.instruct": instruct }),
  };
}

async function read(name: string): Promise<string> {
  const found = await readText(resolve(name), longestFile);
  if (found.kind !== "text") throw unsupported(name, found.kind);
  return found.text;
}

/** Only what was given: to the schema, a key without a value is one too many. */
function withoutUndefined(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
