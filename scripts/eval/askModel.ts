import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ShownToken } from "../../server/completion/dependencies.ts";
import type { Engine } from "../../server/engine/engine.ts";
import type { ModelDescription, PromptPart } from "../../server/protocol/host.ts";

/** A prompt as it goes to the engine. */
export interface Question {
  readonly prompt: readonly PromptPart[];
  readonly heal: string;
  readonly stopTokens: readonly string[];
  /** Whether the text generated so far is all that is wanted. */
  readonly isComplete: (generated: string) => boolean;
}

/** Asks greedily; undefined where the prompt is longer than the model's context. */
export type AskModel = (question: Question) => Promise<readonly ShownToken[] | undefined>;

/** Longest answer, in tokens: longer than nearly every rest of a line. */
export const maxAnswerTokens = 48;

/** Asks an engine. @throws the engine's error, except for a prompt that is too long. */
export function createAskModel(engine: Engine): AskModel {
  return async ({ prompt, heal, stopTokens, isComplete }) => {
    const tokens: ShownToken[] = [];
    const enough = new AbortController();
    let generated = "";
    const outcome = await engine.generate(
      {
        prompt: [...prompt],
        heal,
        priority: "typing",
        maxTokens: maxAnswerTokens,
        sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
        stopTokens: [...stopTokens],
        stopStrings: [],
      },
      ({ text, logProbability }) => {
        // What was on its way when the answer was complete is not part of it.
        if (enough.signal.aborted) return;
        tokens.push({ text, logProbability });
        generated += text;
        if (isComplete(generated)) enough.abort();
      },
      enough.signal,
    );
    if (outcome.kind !== "failed") return tokens;
    if (outcome.error.code === "CONTEXT_OVERFLOW") return undefined;
    throw outcome.error;
  };
}

interface Remembered {
  readonly key: string;
  readonly tokens?: readonly ShownToken[];
}

/**
 * Keeps each answer in a file, so that an interrupted run can be continued and curves can be
 * fitted again without the model. An answer belongs to its model and to every byte of its prompt.
 * @param resume keep what the file has; otherwise it starts empty.
 */
export async function rememberAnswers(
  ask: AskModel,
  model: ModelDescription,
  folder: string,
  resume: boolean,
): Promise<{ readonly ask: AskModel; remembered(): number }> {
  const name = `${model.name || "model"}-${model.fileSizeBytes}`.replace(/[^\w.-]+/g, "_");
  const path = join(folder, "answers", `${name}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  if (!resume) await rm(path, { force: true });
  const known = new Map<string, readonly ShownToken[] | undefined>();
  const saved = resume ? await readFile(path, "utf8").catch(() => "") : "";
  for (const line of saved.split("\n").filter((text) => text.endsWith("}"))) {
    const { key, tokens } = JSON.parse(line) as Remembered;
    known.set(key, tokens);
  }
  let remembered = 0;
  const askOnce: AskModel = async (question) => {
    const { prompt, heal, stopTokens } = question;
    const content = JSON.stringify([prompt, heal, stopTokens, maxAnswerTokens]);
    const key = createHash("sha256").update(content).digest("hex");
    if (known.has(key)) {
      remembered += 1;
      return known.get(key);
    }
    const tokens = await ask(question);
    known.set(key, tokens);
    await appendFile(path, `${JSON.stringify({ key, tokens })}\n`);
    return tokens;
  };
  return { ask: askOnce, remembered: () => remembered };
}
