import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { promptsRecordSchema, type PromptsRecord } from "../protocol/explain.ts";
import type { ReviewRequest } from "../review/types.ts";
import { languageOf } from "../text/languageOf.ts";
import { readText } from "../workspace/readText.ts";
import type { CommandLine, Flags, Register } from "./commandLine.ts";
import { describePrompt, rawPrompt } from "./describePrompt.ts";
import { addTaskFlags, settingsOf, taskOf, type TaskFlags } from "./generate/taskFlags.ts";
import { modelReady } from "./modelReady.ts";
import { exitCodes, UsageError, type CommandOutcome } from "./outcome.ts";
import { readTarget, shownPathOf } from "./target.ts";
import { unsupported } from "./unsupported.ts";

interface PromptFlags extends Flags {
  readonly raw?: boolean;
}

interface ReviewPromptFlags extends PromptFlags {
  readonly changed?: string | true;
  readonly lines?: string;
}

const longestFile = 4_000_000;

/** `starcoder prompt completion|review|generate|revise`: what a model would be sent; nothing is generated. */
export const registerPrompt: Register = (program, commandLine) => {
  const prompt = program
    .command("prompt")
    .description("the exact prompt with its token counts, without running it");
  add(commandLine, prompt, "completion", "the prompt of a suggestion at a place")
    .argument("<FILE:LINE:COL>", "the place; line and column count from 1")
    .action((place: string, flags: PromptFlags) =>
      commandLine.run(flags, async (product) => {
        const target = await readTarget(place, "automatic");
        if (target.withoutText !== undefined) throw unsupported(target.file, target.withoutText);
        await modelReady(product, commandLine.untilInterrupted());
        const record = await product.explainer.promptAt(target);
        return show({ file: target.file, prompts: [{ ...record, title: place }] }, flags);
      }),
    );
  add(commandLine, prompt, "review", "the prompts of a review of a file, in their order")
    .argument("<FILE>", "the file")
    .option("--changed [REF]", "only what differs from a git revision, HEAD by default")
    .option("--lines <A-B>", "only these lines, counted from 1")
    .action((name: string, flags: ReviewPromptFlags) =>
      commandLine.run(
        flags,
        async (product) => {
          const { file, request } = await reviewRequestOf(name, flags);
          const signal = commandLine.untilInterrupted();
          await modelReady(product, signal);
          return show({ file, prompts: await product.promptsOfReview(request, signal) }, flags);
        },
        { "review.maxSeconds": 3600 },
      ),
    );
  for (const step of ["generate", "revise"] as const) {
    const description =
      step === "generate"
        ? "the prompt of `starcoder generate`"
        : "the prompt of a revision of --code, after its review";
    addTaskFlags(add(commandLine, prompt, step, description)).action(
      (flags: PromptFlags & TaskFlags) =>
        commandLine.run(
          flags,
          async (product) => {
            const { task } = await taskOf(flags);
            const signal = commandLine.untilInterrupted();
            await modelReady(product, signal);
            const prompts = await product.workflow.prompts(
              { task, requestId: "prompt" },
              step,
              signal,
            );
            return show({ file: task.path ?? "", prompts }, flags);
          },
          settingsOf(flags),
        ),
    );
  }
};

function add(commandLine: CommandLine, parent: Command, usage: string, description: string) {
  return commandLine
    .add(parent, usage, description)
    .option("--raw", "exactly what the model reads; several prompts are divided by a NUL");
}

async function reviewRequestOf(
  name: string,
  { changed, lines }: ReviewPromptFlags,
): Promise<{ readonly file: string; readonly request: ReviewRequest }> {
  if (changed !== undefined && lines !== undefined) {
    throw new UsageError("Choose one of --changed and --lines.");
  }
  const scope = scopeOf(changed, lines);
  const file = resolve(name);
  const read = await readText(file, longestFile);
  if (read.kind !== "text") throw unsupported(name, read.kind);
  const document = {
    uri: pathToFileURL(file).href,
    path: shownPathOf(file),
    languageId: languageOf(basename(file)),
    version: 1,
    text: read.text,
  };
  const since = changed === undefined ? {} : { since: changed === true ? "HEAD" : changed };
  return {
    file,
    request: { document, scope, trigger: "command", requestId: "prompt", ...since },
  };
}

function scopeOf(
  changed: ReviewPromptFlags["changed"],
  lines: string | undefined,
): ReviewRequest["scope"] {
  if (changed !== undefined) return "changed";
  if (lines === undefined) return "file";
  const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/.exec(lines) ?? [];
  const [start, end] = [Number(first) - 1, Number(last)];
  if (first === "" || start < 0 || end <= start) {
    throw new UsageError(`Expected --lines A-B, got ${JSON.stringify(lines)}.`);
  }
  return { start, end };
}

async function show(found: PromptsRecord, flags: PromptFlags): Promise<CommandOutcome> {
  if (flags.raw === true && flags.json === true) {
    throw new UsageError("Choose one of --json and --raw.");
  }
  const record = promptsRecordSchema.parse(found);
  const { prompts } = record;
  const text =
    prompts.length === 0
      ? "Nothing would be sent: there is nothing to propose."
      : prompts.map((prompt) => describePrompt(prompt, prompt.title)).join("\n\n");
  if (flags.raw !== true) return { record, text, exitCode: exitCodes.done };
  const raw = prompts.map(rawPrompt).join("\0");
  await new Promise((written) => process.stdout.write(raw, written));
  return { record, text, exitCode: exitCodes.done, printed: true };
}
