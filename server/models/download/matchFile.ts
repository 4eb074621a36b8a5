import { CodedError } from "../../protocol/errors.ts";
import { partsOf, splitNameOf } from "../store/splitName.ts";

export interface FilePattern {
  /** `*` stands for any letters but `/`, `{quantization}` for the one wanted. */
  readonly file: string;
  readonly quantization?: string | undefined;
}

/** Taken first where a pattern leaves the choice. */
const preferred = ["Q4_K_M", "Q5_K_M", "Q4_K_S", "Q6_K", "Q8_0", "Q4_0"];

/**
 * The files of a repository that a pattern means: one, or all parts of a split one in order.
 * @throws CodedError `HUB_NOT_FOUND` where no file or not every part of it is there
 */
export function matchFile(paths: readonly string[], pattern: FilePattern): string[] {
  const wanted = regexOf(pattern);
  const found = paths.filter((path) => wanted.test(path) && isModel(path));
  const chosen = found.toSorted((left, right) => rank(left, pattern) - rank(right, pattern))[0];
  if (chosen === undefined) {
    const there = paths.filter(isModel);
    const names = there.length === 0 ? "no model file" : there.slice(0, 12).join(", ");
    const name = pattern.file.replaceAll("{quantization}", pattern.quantization ?? "*");
    throw new CodedError("HUB_NOT_FOUND", `${name} is not there; there is ${names}.`);
  }
  const folder = chosen.slice(0, chosen.lastIndexOf("/") + 1);
  const parts = partsOf(chosen.slice(folder.length)).map((name) => folder + name);
  const missing = parts.find((part) => !paths.includes(part));
  if (missing === undefined) return parts;
  throw new CodedError("HUB_NOT_FOUND", `${missing}, a part of the model, is not there.`);
}

/** A model's only file or first part; what accompanies models for pictures is none. */
function isModel(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /\.gguf$/i.test(name) && !/^mmproj/i.test(name) && (splitNameOf(name)?.part ?? 1) === 1;
}

function regexOf({ file, quantization }: FilePattern): RegExp {
  const source = file
    .split(/(\*|\{quantization\})/)
    .map((part) => {
      if (part === "*") return "[^/]*";
      if (part !== "{quantization}") return escape(part);
      // A longer name of the same beginning is another one: Q4_K is not Q4_K_M.
      return quantization === undefined
        ? "[^/]*"
        : `(?<![a-z0-9])${escape(quantization)}(?![a-z0-9_])`;
    })
    .join("");
  // Of a split model its parts are named as its whole would be.
  return new RegExp(`^${source.replace(/\\\.gguf$/i, "(?:-\\d{5}-of-\\d{5})?\\.gguf")}$`, "i");
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The lower, the rather: as wanted, in letters as given, short. */
function rank(path: string, { quantization }: FilePattern): number {
  const upper = path.toUpperCase();
  const order = preferred.findIndex((name) => upper.includes(name));
  const choice = quantization === undefined ? (order === -1 ? preferred.length : order) : 0;
  const asGiven = quantization === undefined || path.includes(quantization) ? 0 : 1;
  return choice * 10_000 + asGiven * 1000 + Math.min(path.length, 999);
}
