import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import type { FittedCurve } from "../../../server/review/likelihood/curves.ts";

const curvesPath = fileURLToPath(
  new URL("../../../server/review/likelihood/curves.json", import.meta.url),
);

/** Puts a curve in the place of the one for models of its family and size. */
export async function saveCurve(curve: FittedCurve): Promise<void> {
  const saved = JSON.parse(await readFile(curvesPath, "utf8")) as { curves: FittedCurve[] };
  const others = saved.curves.filter(
    ({ family, parameters }) =>
      family !== curve.family || Math.abs(Math.log(parameters / curve.parameters)) > 0.5,
  );
  const all = [...others, curve].sort((a, b) => a.parameters - b.parameters);
  const style = await resolveConfig(curvesPath);
  const text = JSON.stringify({ version: 1, curves: all });
  await writeFile(curvesPath, await format(text, { ...style, parser: "json" }));
}
