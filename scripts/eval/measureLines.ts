import type { ShownToken } from "../../server/completion/dependencies.ts";
import { postprocess } from "../../server/completion/postprocess/postprocess.ts";
import type { Family } from "../../server/completion/prompt/families.ts";
import { createStop } from "../../server/completion/stop/stop.ts";
import type { ModelDescription } from "../../server/protocol/host.ts";
import type { Syntax } from "../../server/syntax/syntaxService.ts";
import type { AskModel } from "./askModel.ts";
import { plainPrompt, productPrompts, type EvalPrompt } from "./prompts.ts";
import type { EvalLine } from "./sampleLines.ts";

/** What a model wrote at a line by one prompt. */
export interface Answer {
  /** Up to the first line break, without trailing blanks: what is compared with the truth. */
  readonly restOfLine: string;
  /** What the product would judge and show: stopped and postprocessed. */
  readonly suggestion: string;
  readonly tokens: readonly ShownToken[];
}

export interface MeasuredLine {
  readonly line: EvalLine;
  /** Absent where only the product's prompt was asked for. */
  readonly plain: Answer | undefined;
  readonly product: Answer;
}

/** Measures lines one by one; those that do not fit the model's context are left out. */
export async function measureLines(options: {
  readonly lines: readonly EvalLine[];
  readonly withPlain: boolean;
  readonly ask: AskModel;
  readonly model: ModelDescription;
  readonly family: Family;
  readonly syntax: Syntax;
  readonly onProgress: (done: number) => void;
}): Promise<MeasuredLine[]> {
  const { lines, withPlain, ask, family, syntax } = options;
  const productPrompt = productPrompts(options.model, family);
  const measured: MeasuredLine[] = [];
  const answer = async (line: EvalLine, prompt: EvalPrompt): Promise<Answer | undefined> => {
    const where = { before: line.before, after: line.after, languageId: line.language, syntax };
    const stop = createStop({ ...where, purpose: "line", maxLines: 1 });
    let kept = "";
    const isComplete = (generated: string): boolean => {
      const stopped = stop.push(generated);
      kept = stopped.text;
      return stopped.done;
    };
    const tokens = await ask({ ...prompt, stopTokens: family.stopTokens, isComplete });
    if (tokens === undefined) return undefined;
    const raw = tokens.map((token) => token.text).join("");
    // A remembered answer was stopped when it was new.
    isComplete(raw);
    const [first = ""] = raw.split("\n");
    return { restOfLine: first.trimEnd(), suggestion: postprocess(kept, where), tokens };
  };
  for (const [index, line] of lines.entries()) {
    const plain = withPlain ? await answer(line, plainPrompt(family, line)) : undefined;
    const product = await answer(line, productPrompt(line));
    if (product !== undefined && (plain !== undefined || !withPlain)) {
      measured.push({ line, plain, product });
    }
    options.onProgress(index + 1);
  }
  return measured;
}
