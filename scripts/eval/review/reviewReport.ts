import type { FittedCurve } from "../../../server/review/likelihood/curves.ts";
import { evalLanguages } from "../drawLines.ts";
import { seededRandom } from "../random.ts";
import { meanOf, type Interval } from "../statistics.ts";
import { bugKinds } from "./inject/bugs.ts";
import { topOf, type JudgedCase } from "./judgeCases.ts";
import type { MeasuredCase } from "./measureCases.ts";
import {
  bootstrap,
  macroArea,
  macroMean,
  macroRecallAt,
  thresholdFor,
} from "./reviewStatistics.ts";

const two = (value: number): string => (Number.isNaN(value) ? "–" : value.toFixed(2));

function intervalText({ mean, low, high }: Interval): string {
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function row(cells: readonly (string | number)[]): string {
  const [first = "", ...others] = cells;
  return String(first).padEnd(22) + others.map((cell) => String(cell).padStart(11)).join("");
}

/** How one group of cases fares at the default settings. */
function groupRow(name: string, cases: readonly JudgedCase[], threshold: number): string {
  const share = (value: (one: JudgedCase) => boolean): string =>
    two(meanOf(cases.map((one) => Number(value(one)))));
  return row([
    name,
    cases.length,
    two(macroArea(cases)),
    share(({ bug }) => topOf(bug) >= threshold),
    share(({ bug }) => bug[0]?.onBugLine === true),
    share(({ bug }) => bug[0]?.restores === true),
    share(({ bug }) => bug[0]?.restores === true && topOf(bug) >= threshold),
    share(({ clean }) => topOf(clean) >= threshold),
  ]);
}

/** The figures that the bars are about, each kind of bug counting the same. */
export function headLines(
  cases: readonly JudgedCase[],
  curve: FittedCurve,
  seed: number,
): string[] {
  const random = seededRandom(seed);
  const at = (figure: (drawn: readonly JudgedCase[]) => number): string =>
    intervalText(bootstrap(cases, figure, random));
  const { threshold } = curve;
  const isAlarm = (one: JudgedCase): number => Number(topOf(one.clean) >= threshold);
  return [
    "macro average over kinds [95% bootstrap]",
    `  AUC, clean against bug        ${at(macroArea)}`,
    ...[0.02, 0.05, 0.1].map((share) => {
      const limit = thresholdFor(
        cases.map((one) => topOf(one.clean)),
        share,
      );
      const percent = `${Math.round(share * 100)}%`.padStart(3);
      return `  recall at ${percent} false alarms   ${at((drawn) => macroRecallAt(drawn, share))} (confidence ${limit.toFixed(3)})`;
    }),
    `  at the default, confidence ${threshold.toFixed(3)}`,
    `    recall                      ${at((drawn) => macroMean(drawn, ({ bug }) => Number(topOf(bug) >= threshold)))}`,
    `    recall, on the bug's line   ${at((drawn) => macroMean(drawn, ({ bug }) => Number(bug.some((one) => one.onBugLine && one.confidence >= threshold))))}`,
    `    false alarms                ${at((drawn) => meanOf(drawn.map(isAlarm)))}`,
    "  top finding, shown or not",
    `    on the bug's line           ${at((drawn) => macroMean(drawn, ({ bug }) => Number(bug[0]?.onBugLine === true)))}`,
    `    its fix is exact            ${at((drawn) => macroMean(drawn, ({ bug }) => Number(bug[0]?.restores === true)))}`,
  ];
}

/** By kind and by language. */
export function tableLines(
  cases: readonly JudgedCase[],
  { threshold, quiet }: FittedCurve,
): string[] {
  return [
    row(["", "cases", "AUC", "recall", "top: line", "top: fix", "fix shown", "false"]),
    ...bugKinds.map((kind) =>
      groupRow(
        kind,
        cases.filter((one) => one.kind === kind),
        threshold,
      ),
    ),
    ...evalLanguages.map((language) =>
      groupRow(
        language,
        cases.filter((one) => one.language === language),
        threshold,
      ),
    ),
    ...(quiet.length === 0 ? [] : [`quiet on this model: ${quiet.join(", ")}`]),
  ];
}

/** What it cost, as far as the model was asked. */
export function costLines(measured: readonly MeasuredCase[]): string[] {
  const versions = measured.flatMap(({ clean, bug }) => [clean, bug]);
  const sum = (value: (one: (typeof versions)[number]) => number): number =>
    versions.reduce((all, one) => all + value(one), 0);
  const lines = Math.max(
    1,
    sum((one) => one.lines),
  );
  const tokens = sum((one) => one.tokens);
  const seconds = sum((one) => one.milliseconds) / 1000;
  const each = Math.max(1, versions.length);
  return [
    `tokens evaluated: ${(tokens / each).toFixed(0)} a function, ${(tokens / lines).toFixed(1)} a line`,
    `seconds: ${(seconds / each).toFixed(2)} a function, ${(seconds / lines).toFixed(3)} a line (when the model was asked)`,
    `proposals: ${(sum((one) => one.proposed) / each).toFixed(1)} a function, ${(sum((one) => one.proposals.length) / each).toFixed(1)} weighed to the end`,
  ];
}
