import { fetchSources } from "./fetchSources.ts";
import { evalPackages, type EvalLanguage, type Split } from "./packages.ts";
import { sampleLines, type EvalLine, type WindowSize } from "./sampleLines.ts";

/** In the order in which they are reported. */
export const evalLanguages: readonly EvalLanguage[] = ["typescript", "javascript", "python"];

/** Lines of one split, as evenly as possible from its languages and from each language's packages. */
export async function drawLines(options: {
  readonly split: Split;
  readonly count: number;
  readonly window: WindowSize;
  readonly seed: number;
  readonly onPackage: (name: string) => void;
}): Promise<EvalLine[]> {
  const drawn: EvalLine[] = [];
  for (const language of evalLanguages) {
    const packages = evalPackages.filter(
      (item) => item.split === options.split && item.language === language,
    );
    let missing = Math.ceil(options.count / evalLanguages.length);
    for (const [index, item] of packages.entries()) {
      options.onPackage(`${item.name} ${item.version}`);
      const wanted = Math.ceil(missing / (packages.length - index));
      const folder = await fetchSources(item);
      const lines = await sampleLines(item, folder, wanted, options.window, options.seed);
      missing -= lines.length;
      drawn.push(...lines);
    }
  }
  return drawn;
}
