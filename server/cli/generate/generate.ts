import { writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Product } from "../../compose/compose.ts";
import { createRequestIds } from "../../logs/requestIds.ts";
import { CodedError } from "../../protocol/errors.ts";
import {
  workflowResultSchema,
  type WorkflowProgress,
  type WorkflowResult,
} from "../../protocol/workflow.ts";
import { uncheckedNote } from "../../text/knownLanguage.ts";
import { writeFailure } from "../../state/writeFailure.ts";
import type { Register } from "../commandLine.ts";
import { exitCodes, Interrupted, UsageError, type CommandOutcome } from "../outcome.ts";
import { describeWorkflow } from "./describeWorkflow.ts";
import { addTaskFlags, settingsOf, taskOf, type TaskFlags } from "./taskFlags.ts";

interface GenerateFlags extends TaskFlags {
  readonly out?: string;
  readonly force?: boolean;
}

/** `starcoder generate`: code from a task, reviewed and revised. */
export const registerGenerate: Register = (program, commandLine) => {
  addTaskFlags(commandLine.add(program, "generate", "code from a task, reviewed and revised"))
    .option("--out <file>", "write the code to a file, which must not exist")
    .option("--force", "overwrite the file of --out")
    .action((flags: GenerateFlags) =>
      commandLine.run(
        flags,
        (product) => generate(product, flags, commandLine.untilInterrupted()),
        settingsOf(flags),
      ),
    );
};

/**
 * Runs a task. Interrupted, it gives the best version so far; a second Ctrl-C ends the process.
 * @throws CodedError where there is no code; UsageError; Interrupted before there is any.
 */
async function generate(
  product: Pick<Product, "workflow" | "history" | "syntax">,
  flags: GenerateFlags,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const { out } = flags;
  const outPath = out === undefined ? undefined : resolve(out);
  if (outPath !== undefined && flags.force !== true && existsSync(outPath)) {
    throw new UsageError(`${out} exists; --force overwrites it.`);
  }
  // Said before minutes are spent on code that has no place to go.
  if (outPath !== undefined && !existsSync(dirname(outPath))) {
    throw new UsageError(`There is no folder ${dirname(outPath)} for ${out ?? ""}.`);
  }
  const named = await taskOf(
    out === undefined || flags.path !== undefined || flags.code !== undefined
      ? flags
      : { ...flags, path: out },
  );
  const requestId = createRequestIds("c").nextWorkflow();
  const { task } = named;
  const outcome = await product.workflow.run({ task, requestId }, showProgress(), signal);
  if (outcome.kind === "cancelled") throw new Interrupted();
  if (outcome.kind === "failed") throw outcome.error;
  const notes = product.syntax.supports(task.language) ? [] : [uncheckedNote(task.language)];
  const told = notes.length === 0 ? {} : { notes: [...notes] };
  const result = workflowResultSchema.parse({ ...outcome.result, ...told });
  const uri = outPath === undefined ? named.uri : pathToFileURL(outPath).href;
  await product.history
    .add({
      result,
      ...(uri === undefined ? {} : { uri }),
      ...(task.code === undefined ? {} : { original: task.code }),
    })
    // The result is not lost for the lack of a copy.
    .catch((thrown: unknown) => {
      const { code, message } =
        thrown instanceof CodedError ? thrown : new CodedError("INTERNAL_ERROR");
      notes.push(`The result is not in the history: ${code}: ${message}`);
    });
  if (outPath !== undefined) await writeCode(outPath, result.code, flags.force === true);
  for (const error of [result.scoreError, result.error]) {
    if (error !== undefined) notes.push(`${error.code}: ${error.message}`);
  }
  return {
    record: result,
    text: describeWorkflow(result, out),
    notes,
    exitCode: exitCodeOf(result),
  };
}

function exitCodeOf({ end, findings }: WorkflowResult): number {
  if (end === "cancelled") return exitCodes.interrupted;
  if (end === "failed") return exitCodes.failed;
  return findings.some(({ shown }) => shown) ? exitCodes.findings : exitCodes.done;
}

async function writeCode(path: string, code: string, overwrite: boolean): Promise<void> {
  const text = code.endsWith("\n") ? code : `${code}\n`;
  try {
    await writeFile(path, text, { flag: overwrite ? "w" : "wx" });
  } catch (thrown) {
    throw writeFailure(path, thrown);
  }
}

/** One line for each step, where somebody looks on. */
function showProgress(): (progress: WorkflowProgress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return ({ message, tokensUsed, score }) => {
    const details = [
      ...(tokensUsed > 0 ? [`${tokensUsed} tokens`] : []),
      ...(score === undefined ? [] : [`score ${score}`]),
    ];
    process.stderr.write(`${message}${details.length === 0 ? "" : ` (${details.join(", ")})`}\n`);
  };
}
