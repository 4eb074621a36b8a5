/**
 * How well the review finds one injected bug in functions that the bundled model was not trained on,
 * and how quiet it is on the same functions without it: `npm run eval:review -- [--help]`.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { detectFamily } from "../../server/completion/prompt/families.ts";
import { fileStart } from "../../server/completion/prompt/fileStart.ts";
import { curveFor } from "../../server/review/likelihood/curves.ts";
import { createLikelihood } from "../../server/review/likelihood/likelihood.ts";
import { createSyntaxService } from "../../server/syntax/syntaxService.ts";
import { machineLine, modelLine } from "../bench/machine.ts";
import { benchModelPath, bundledModelPath } from "../bench/models.ts";
import { evalLanguages } from "./drawLines.ts";
import { cacheFolder } from "./fetchSources.ts";
import type { Split } from "./packages.ts";
import { reviewClean } from "./review/cleanCode.ts";
import { cutLines } from "./review/cutLines.ts";
import { drawCases, type ReviewCase } from "./review/drawCases.ts";

import { fitReviewCurve } from "./review/fitReviewCurve.ts";
import { fittedFeatures } from "./review/fittedFeatures.ts";
import { createPythonReader } from "./review/inject/pythonReader.ts";
import { scriptReader } from "./review/inject/scriptReader.ts";
import { judgeCase } from "./review/judgeCases.ts";
import { measureCase, type MeasuredCase, type MeasureOptions } from "./review/measureCases.ts";
import { reviewPackages } from "./review/packages.ts";
import { rememberWeighs } from "./review/rememberWeighs.ts";
import { costLines, headLines, tableLines } from "./review/reviewReport.ts";
import { saveCurve } from "./review/saveCurve.ts";
import { startEngine } from "./startEngine.ts";
import { trainedOn } from "./trainingPackages.ts";

const help = `usage: npm run eval:review -- [options]

Measures the bundled model and, where STARCODER_BENCH_MODEL names one, a larger one beside it.

  --model PATH      measure this model only
  --functions N     functions of the test packages, each clean and with one bug (default 120)
  --threads N       threads of the model (default: the host's choice)
  --seed N          which functions and bugs are drawn (default 1)
  --resume          keep the answers of an earlier run: what was asked is not asked again
  --fit             fit the curve on the fit packages and save it
  --fit-functions N functions of the fit packages (default 120)
  --clean LINES     also review whole files of the test packages, so many lines (0: none)
  --record          ask the model only: functions of both splits in turn`;

const { values: options } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    model: { type: "string" },
    functions: { type: "string", default: "120" },
    threads: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    fit: { type: "boolean", default: false },
    "fit-functions": { type: "string", default: "120" },
    clean: { type: "string", default: "0" },
    record: { type: "boolean", default: false },
  },
});

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

function countsText(cases: readonly { readonly case: ReviewCase }[]): string {
  const packages = new Set(cases.map((one) => one.case.package)).size;
  const counts = evalLanguages.map(
    (language) => `${cases.filter((one) => one.case.language === language).length} ${language}`,
  );
  return `${cases.length} functions of ${packages} packages (${counts.join(", ")})`;
}

async function measureAll(
  cases: readonly ReviewCase[],
  measure: MeasureOptions,
): Promise<MeasuredCase[]> {
  const measured: MeasuredCase[] = [];
  for (const one of cases) {
    measured.push(await measureCase(one, measure));
    if (measured.length % 10 === 0) showProgress(`${measured.length} of ${cases.length} functions`);
  }
  return measured;
}

async function evaluate(
  modelPath: string,
  test: readonly ReviewCase[],
  fit: readonly ReviewCase[],
): Promise<void> {
  const running = await startEngine(modelPath, Number(options.threads));
  const syntax = createSyntaxService({ wasmDirectory });
  try {
    const { model, backend } = running.ready;
    const family = detectFamily(model);
    if (family === undefined) throw new Error("This model's family is not known.");
    print("", modelLine(model, backend.used), `family ${family.id}`);
    await Promise.all([...evalLanguages, "typescriptreact"].map((id) => syntax.load(id)));
    const weighs = await rememberWeighs({
      engine: running.engine,
      model,
      folder: cacheFolder(),
      resume: options.resume,
    });
    let { curve } = curveFor(model, family.id);
    const measure: MeasureOptions = {
      likelihood: createLikelihood({ engine: weighs.engine, syntax }),
      cut: cutLines(syntax),
      optionsFor: (path) => ({
        prefix: fileStart(family, path),
        isOn: () => true,
      }),
      millisecondsOf: weighs.millisecondsOf,
    };
    if (options.record) {
      const both = Array.from({ length: Math.max(fit.length, test.length) }, (_, index) => [
        ...fit.slice(index, index + 1),
        ...test.slice(index, index + 1),
      ]).flat();
      const measured = await measureAll(both, measure);
      print(...costLines(measured));
      return;
    }
    if (options.fit) {
      const measured = await measureAll(fit, measure);
      const fitted = fitReviewCurve(
        measured,
        { family: family.id, parameters: model.parameters, fittedOn: countsText(measured) },
        fittedFeatures,
      );
      curve = fitted.curve;
      await saveCurve(curve);
      print(
        `curve fitted on ${curve.fittedOn}, saved`,
        "",
        "fit packages, each judged by the others:",
      );
      print(...headLines(fitted.outside, curve, seed), ...tableLines(fitted.outside, curve), "");
    }
    const measured = await measureAll(test, measure);
    const judged = measured.map((one) => judgeCase(one, curve));
    print(`test packages: ${countsText(measured)}`);
    print(...headLines(judged, curve, seed), ...tableLines(judged, curve), ...costLines(measured));
    print(`${weighs.remembered()} answers took no model`);
    if (Number(options.clean) > 0) {
      print(...(await reviewClean(Number(options.clean), measure, curve, seed, showProgress)));
    }
  } finally {
    syntax.dispose();
    await running.stop();
  }
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
  const python = await createPythonReader();
  const readers = { typescript: scriptReader, javascript: scriptReader, python };
  const draw = (split: Split, count: string): Promise<ReviewCase[]> =>
    drawCases({
      split,
      count: Number(count),
      seed,
      packages: reviewPackages,
      readers,
      onPackage: showProgress,
    });
  const test = await draw("test", options.functions);
  const needsFit = options.fit || options.record;
  const fit = needsFit ? await draw("fit", options["fit-functions"]) : [];
  python.dispose();
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
