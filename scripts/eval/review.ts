/**
 * How well the review finds one injected bug in functions that the bundled model was not trained on,
 * and how quiet it is on the same functions without it: `npm run eval:review -- [--help]`.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { machineLine } from "../bench/machine.ts";
import { benchModelPath, bundledModelPath } from "../bench/models.ts";
import type { Split } from "./packages.ts";
import { drawCases, type ReviewCase } from "./review/drawCases.ts";
import { evaluateModel } from "./review/evaluateModel.ts";
import { createPythonReader } from "./review/inject/pythonReader.ts";
import { scriptReader } from "./review/inject/scriptReader.ts";
import { reviewPackages } from "./review/packages.ts";
import { trainedOn } from "./trainingPackages.ts";

const help = `usage: npm run eval:review -- [options]

Measures the bundled model and, where STARCODER_BENCH_MODEL names one, a larger one beside it.

  --model PATH       measure this model only
  --functions N      functions of the test packages, each clean and with one bug (default 120)
  --threads N        threads of the model (default: the host's choice)
  --seed N           which functions and bugs are drawn (default 1)
  --resume           keep the answers of an earlier run: what was asked is not asked again
  --only-remembered  never ask the model; functions of which nothing is remembered are left out
  --fit              fit the curve on the fit packages and save it
  --fit-functions N  functions of the fit packages (default 120)
  --clean LINES      also review whole files of the test packages, so many lines (default 0)
  --record           ask the model only: functions of both splits in turn`;

const { values: options } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    model: { type: "string" },
    functions: { type: "string", default: "120" },
    threads: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    "only-remembered": { type: "boolean", default: false },
    fit: { type: "boolean", default: false },
    "fit-functions": { type: "string", default: "120" },
    clean: { type: "string", default: "0" },
    record: { type: "boolean", default: false },
  },
});

const trainingTable = new URL("../../media/models/training-packages.tsv", import.meta.url);
const seed = Number(options.seed);

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
  else process.stderr.write(`${text}\n`);
}

async function drawSplits(): Promise<{ test: ReviewCase[]; fit: ReviewCase[] }> {
  const python = await createPythonReader();
  const readers = { typescript: scriptReader, javascript: scriptReader, python };
  const base = { seed, packages: reviewPackages, readers, onPackage: showProgress };
  const draw = (split: Split, count: string): Promise<ReviewCase[]> =>
    drawCases({ ...base, split, count: Number(count) });
  const test = await draw("test", options.functions);
  const needsFit = options.fit || options.record;
  const fit = needsFit ? await draw("fit", options["fit-functions"]) : [];
  python.dispose();
  return { test, fit };
}

async function main(): Promise<void> {
  if (options.help) {
    print(help);
    return;
  }
  const known = trainedOn(reviewPackages, await readFile(trainingTable, "utf8"));
  if (known.length > 0) {
    throw new Error(`Training data of the bundled model: ${known.map((p) => p.name).join(", ")}`);
  }
  print(machineLine(), `seed ${seed}`);
  const { test, fit } = await drawSplits();
  const bench = benchModelPath();
  const models =
    options.model === undefined
      ? [bundledModelPath, ...(bench === undefined ? [] : [bench])]
      : [resolve(options.model)];
  for (const modelPath of models) {
    await evaluateModel({
      modelPath,
      test,
      fit,
      mode: options.record ? "record" : options.fit ? "fit" : "test",
      cleanLines: Number(options.clean),
      threads: Number(options.threads),
      seed,
      resume: options.resume,
      onlyRemembered: options["only-remembered"],
      print,
      showProgress,
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
