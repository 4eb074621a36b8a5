import { fileURLToPath } from "node:url";
import { detectFamily } from "../../../server/completion/prompt/families.ts";
import { fileStart } from "../../../server/completion/prompt/fileStart.ts";
import { curveFor, type FittedCurve } from "../../../server/review/likelihood/curves.ts";
import { createLikelihood } from "../../../server/review/likelihood/likelihood.ts";
import { createSyntaxService } from "../../../server/syntax/syntaxService.ts";
import { modelLine } from "../../bench/machine.ts";
import { evalLanguages } from "../drawLines.ts";
import { cacheFolder } from "../fetchSources.ts";
import { startEngine } from "../startEngine.ts";
import { reviewClean } from "./cleanCode.ts";
import { cutLines } from "./cutLines.ts";
import type { ReviewCase } from "./drawCases.ts";
import { fitReviewCurve } from "./fitReviewCurve.ts";
import { fittedFeatures } from "./fittedFeatures.ts";
import { judgeCase } from "./judgeCases.ts";
import { measureCase, type MeasuredCase, type MeasureOptions } from "./measureCases.ts";
import { notRemembered, rememberedModel, rememberWeighs } from "./rememberWeighs.ts";
import { costLines, headLines, tableLines } from "./reviewReport.ts";
import { saveCurve } from "./saveCurve.ts";

const wasmDirectory = fileURLToPath(
  new URL("../../../node_modules/@vscode/tree-sitter-wasm/wasm", import.meta.url),
);

export interface EvaluateOptions {
  readonly modelPath: string;
  readonly test: readonly ReviewCase[];
  readonly fit: readonly ReviewCase[];
  /** `record`: ask the model only; `fit`: fit a curve, save and test it; `test`: the product's curve. */
  readonly mode: "record" | "fit" | "test";
  /** Lines of clean code that are reviewed besides. */
  readonly cleanLines: number;
  readonly threads: number;
  readonly seed: number;
  readonly resume: boolean;
  /** Never ask the model: cases of which nothing is remembered are left out. */
  readonly onlyRemembered: boolean;
  readonly print: (...lines: readonly string[]) => void;
  readonly showProgress: (text: string) => void;
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
  showProgress: (text: string) => void,
): Promise<MeasuredCase[]> {
  const measured: MeasuredCase[] = [];
  for (const [index, one] of cases.entries()) {
    try {
      measured.push(await measureCase(one, measure));
    } catch (error) {
      if (error !== notRemembered) throw error;
    }
    if ((index + 1) % 10 === 0) showProgress(`${index + 1} of ${cases.length} functions`);
  }
  return measured;
}

/** Cases of both splits in turn, so that whatever is recorded serves both. */
function inTurn(a: readonly ReviewCase[], b: readonly ReviewCase[]): ReviewCase[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => [
    ...a.slice(index, index + 1),
    ...b.slice(index, index + 1),
  ]).flat();
}

/** Evaluates one model, and prints what came of it. */
export async function evaluateModel(options: EvaluateOptions): Promise<void> {
  const { modelPath, print, showProgress, seed, onlyRemembered } = options;
  const folder = cacheFolder();
  const running = onlyRemembered ? undefined : await startEngine(modelPath, options.threads);
  const syntax = createSyntaxService({ wasmDirectory });
  try {
    const model = running?.ready.model ?? (await rememberedModel(modelPath, folder));
    const family = detectFamily(model);
    if (family === undefined) throw new Error("This model's family is not known.");
    print("", modelLine(model, running?.ready.backend.used ?? "as remembered"));
    await Promise.all([...evalLanguages, "typescriptreact"].map((id) => syntax.load(id)));
    const weighs = await rememberWeighs({
      engine: running?.engine,
      model,
      folder,
      resume: options.resume || onlyRemembered,
    });
    const chosen = curveFor(model, family.id);
    let curve: FittedCurve = chosen.curve;
    const measure: MeasureOptions = {
      likelihood: createLikelihood({ engine: weighs.engine, syntax }),
      cut: cutLines(syntax),
      optionsFor: (path) => ({ prefix: fileStart(family, path), isOn: () => true }),
      millisecondsOf: weighs.millisecondsOf,
    };
    if (options.mode === "record") {
      const both = inTurn(options.fit, options.test);
      print(...costLines(await measureAll(both, measure, showProgress)));
      return;
    }
    if (options.mode === "fit") {
      const measured = await measureAll(options.fit, measure, showProgress);
      const fittedOn = countsText(measured);
      const fitted = fitReviewCurve(
        measured,
        { family: family.id, parameters: model.parameters, fittedOn },
        fittedFeatures,
      );
      curve = fitted.curve;
      await saveCurve(curve);
      print(`curve fitted on ${fittedOn}, saved`, "", "fit packages, each judged by the others:");
      print(...headLines(fitted.outside, curve, seed), ...tableLines(fitted.outside, curve), "");
    } else print(`curve ${chosen.name}${chosen.own ? "" : ", not fitted on this model"}`);
    const measured = await measureAll(options.test, measure, showProgress);
    const judged = measured.map((one) => judgeCase(one, curve));
    print(`test packages: ${countsText(measured)}`);
    print(...headLines(judged, curve, seed), ...tableLines(judged, curve), ...costLines(measured));
    print(`${weighs.remembered()} answers took no model`);
    if (options.cleanLines > 0) {
      print(...(await reviewClean(options.cleanLines, measure, curve, seed, showProgress)));
    }
  } finally {
    syntax.dispose();
    await running?.stop();
  }
}
