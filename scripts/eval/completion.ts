/**
 * How good completions are, and what the show gate lets through, on real code that the bundled model
 * was not trained on: `npm run eval:completion -- [--help]`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { detectFamily } from "../../server/completion/prompt/families.ts";
import { curveFor, type FittedCurve } from "../../server/completion/show/curves.ts";
import { createSyntaxService } from "../../server/syntax/syntaxService.ts";
import { machineLine, modelLine } from "../bench/machine.ts";
import { benchModelPath, bundledModelPath } from "../bench/models.ts";
import { createAskModel, rememberAnswers } from "./askModel.ts";
import { comparisonLines, defaultLines, gateLines } from "./evalReport.ts";
import { cacheFolder } from "./fetchSources.ts";
import { fitCurve, thresholds } from "./fitCurve.ts";
import { judgeLines, rememberParses } from "./judgeLines.ts";
import { measureLines, type MeasuredLine } from "./measureLines.ts";
import { drawLines, evalLanguages } from "./drawLines.ts";
import { evalPackages, type Split } from "./packages.ts";
import type { EvalLine } from "./sampleLines.ts";
import { startEngine } from "./startEngine.ts";
import { trainedOn } from "./trainingPackages.ts";

const help = `usage: npm run eval:completion -- [options]

Measures the bundled model and, where STARCODER_BENCH_MODEL names one, a larger one beside it.

  --model PATH     measure this model only
  --lines N        lines of the test packages (default 402)
  --above N        lines of context above the cursor's line (default 14)
  --below N        and below (default 8)
  --threads N      threads of the model (default: the host's choice)
  --seed N         which lines and columns are drawn (default 1)
  --resume         keep the answers of an earlier, interrupted run
  --fit            fit the show gate's curve and threshold on the fit packages and save them
  --fit-lines N    lines of the fit packages (default 360)`;

const { values: options } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    model: { type: "string" },
    lines: { type: "string", default: "402" },
    above: { type: "string", default: "14" },
    below: { type: "string", default: "8" },
    threads: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    fit: { type: "boolean", default: false },
    "fit-lines": { type: "string", default: "360" },
  },
});

const curvesPath = fileURLToPath(
  new URL("../../server/completion/show/curves.json", import.meta.url),
);
const trainingTable = new URL("../../media/models/training-packages.tsv", import.meta.url);
const wasmDirectory = fileURLToPath(
  new URL("../../node_modules/@vscode/tree-sitter-wasm/wasm", import.meta.url),
);
const seed = Number(options.seed);

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
  else process.stderr.write(`${text}\n`);
}

function countsText(lines: readonly EvalLine[]): string {
  const packages = new Set(lines.map((line) => line.package)).size;
  const counts = evalLanguages.map(
    (language) => `${lines.filter((line) => line.language === language).length} ${language}`,
  );
  return `${lines.length} lines of ${packages} packages (${counts.join(", ")})`;
}

async function saveCurve(curve: FittedCurve): Promise<void> {
  const saved = JSON.parse(await readFile(curvesPath, "utf8")) as { curves: FittedCurve[] };
  const others = saved.curves.filter(
    ({ family, parameters }) =>
      family !== curve.family || Math.abs(Math.log(parameters / curve.parameters)) > 0.5,
  );
  const all = [...others, curve].sort((a, b) => a.parameters - b.parameters);
  const text = JSON.stringify({ version: 1, curves: all });
  const style = await resolveConfig(curvesPath);
  await writeFile(curvesPath, await format(text, { ...style, parser: "json" }));
}

async function evaluate(
  modelPath: string,
  test: readonly EvalLine[],
  fit: readonly EvalLine[],
): Promise<void> {
  const running = await startEngine(modelPath, Number(options.threads));
  const grammars = createSyntaxService({ wasmDirectory });
  try {
    const { model, backend } = running.ready;
    const family = detectFamily(model);
    if (family === undefined) throw new Error("This model cannot fill in the middle.");
    print("", modelLine(model, backend.used), `family ${family.id}`);
    await Promise.all(evalLanguages.map((language) => grammars.load(language)));
    const parses = rememberParses(grammars);
    const answers = await rememberAnswers(
      createAskModel(running.engine),
      model,
      cacheFolder(),
      options.resume,
    );
    const measure = (lines: readonly EvalLine[], withPlain: boolean): Promise<MeasuredLine[]> => {
      const onProgress = (done: number): void => {
        if (done % 20 === 0) showProgress(`${done} of ${lines.length} lines`);
      };
      const base = { lines, withPlain, ask: answers.ask, model, family, onProgress };
      return measureLines({ ...base, syntax: grammars });
    };

    let curve = curveFor(model, family.id);
    if (options.fit) {
      const fitted = fitCurve(
        await measure(fit, false),
        { family: family.id, parameters: model.parameters, fittedOn: countsText(fit) },
        parses,
      );
      await saveCurve(fitted);
      curve = fitted;
      print(`curve fitted on ${fitted.fittedOn}, saved`);
    }
    const measured = await measure(test, true);
    if (measured.length < test.length) {
      print(`${test.length - measured.length} lines left out: longer than the context`);
    }
    if (options.resume) print(`${answers.remembered()} answers are of the run that was resumed`);
    print("", ...comparisonLines(measured, seed), "", `show gate, default ${curve.threshold}`);
    const tried = [...new Set([...thresholds, curve.threshold])].sort((a, b) => a - b);
    const rows = tried.map((threshold) => judgeLines(measured, curve, threshold, parses));
    print(...gateLines(rows, curve.threshold), "");
    print(...defaultLines(judgeLines(measured, curve, curve.threshold, parses)));
  } finally {
    grammars.dispose();
    await running.stop();
  }
}

async function main(): Promise<void> {
  if (options.help) {
    print(help);
    return;
  }
  const known = trainedOn(evalPackages, await readFile(trainingTable, "utf8"));
  if (known.length > 0) {
    throw new Error(`Training data of the bundled model: ${known.map((p) => p.name).join(", ")}`);
  }
  print(machineLine());
  const window = { above: Number(options.above), below: Number(options.below) };
  const draw = (split: Split, count: string): Promise<EvalLine[]> =>
    drawLines({ split, count: Number(count), window, seed, onPackage: showProgress });
  const test = await draw("test", options.lines);
  const fit = options.fit ? await draw("fit", options["fit-lines"]) : [];
  print(`tested on ${countsText(test)}, none of them training data of the bundled model`);
  print(`window ${options.above} lines above, ${options.below} below; seed ${seed}; greedy`);
  const bench = benchModelPath();
  const models =
    options.model === undefined
      ? [bundledModelPath, ...(bench === undefined ? [] : [bench])]
      : [resolve(options.model)];
  for (const modelPath of models) await evaluate(modelPath, test, fit);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
