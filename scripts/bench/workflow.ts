/**
 * What a task costs: `npm run bench:workflow`. Each is written, reviewed and revised in at most two
 * rounds, on the bundled model and the one that `STARCODER_BENCH_MODEL` names, which is then also asked
 * in words. `-- --show` prints the code.
 */
import { parseArgs } from "node:util";
import { workflowTaskSchema, type WorkflowResult } from "../../server/protocol/workflow.ts";
import { machineLine, modelLine } from "./machine.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { startProduct } from "./review/startProduct.ts";
import { benchTasks } from "./workflow/tasks.ts";

const { values } = parseArgs({
  options: {
    show: { type: "boolean", default: false },
    instruct: { type: "string" },
    larger: { type: "boolean", default: false },
  },
});
const print = (line: string): void => {
  console.log(line);
};

async function measure(modelPath: string, instruct: "on" | "off"): Promise<void> {
  const running = await startProduct(modelPath, { "model.instruct": instruct });
  const { product, model, backend } = running;
  try {
    const how = instruct === "on" ? "asked in words" : "goes on with files";
    print(`\n${modelLine(model, backend)}, ${how}`);
    let tokens = 0;
    let milliseconds = 0;
    for (const [index, given] of benchTasks.entries()) {
      const task = workflowTaskSchema.parse({ ...given, budget: { rounds: 2, minScore: 10 } });
      const outcome = await product.workflow.run(
        { task, requestId: `bench-${index + 1}` },
        () => undefined,
        new AbortController().signal,
      );
      const name = task.task === "" ? "code with mistakes" : task.task.slice(0, 48);
      print(`\n${index + 1}. ${task.language}: ${name}`);
      if (outcome.kind === "failed") print(`   ${outcome.error.code}: ${outcome.error.message}`);
      if (outcome.kind !== "done") continue;
      printResult(outcome.result);
      tokens += outcome.result.tokensUsed;
      milliseconds += outcome.result.workflowTime;
    }
    print(`\nall: ${tokens} tokens, ${seconds(milliseconds)}`);
  } finally {
    await running.stop();
  }
}

function printResult(result: WorkflowResult): void {
  for (const { step, round, tokensUsed, durationMs } of result.steps) {
    const figures = `${String(tokensUsed).padStart(5)} tokens ${seconds(durationMs).padStart(7)}`;
    print(`   ${step.padEnd(8)} ${round} ${figures}`);
  }
  const scores = result.rounds.map(({ by, score, accepted }) => {
    return `${by} ${score ?? "–"}${accepted ? "" : " (not better)"}`;
  });
  const total = `${result.tokensUsed} tokens, ${seconds(result.workflowTime)}`;
  const failure = result.error ?? result.scoreError;
  print(`   ${scores.join(" → ")}; ${result.end}${failure ? ` ${failure.code}` : ""}; ${total}`);
  if (values.show) print(result.code.replace(/^/gm, "   | "));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

print(machineLine());
if (!values.larger) await measure(bundledModelPath, "off");
const larger = benchModelPath();
if (larger === undefined) print("\nSTARCODER_BENCH_MODEL is not set: the bundled model alone.");
else {
  for (const instruct of ["off", "on"] as const) {
    if (values.instruct === undefined || values.instruct === instruct)
      await measure(larger, instruct);
  }
}
