import { rolesOf } from "../completion/prompt/promptRecord.ts";
import { CodedError } from "../protocol/errors.ts";
import type { PromptsRecord } from "../protocol/explain.ts";
import type { ChatMessage } from "../protocol/host.ts";
import { withLineFeeds } from "../text/lines.ts";
import { answerStart } from "./ask.ts";
import { createBudget } from "./budget.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import { baseStartOf } from "./generate/baseStart.ts";
import { basePrompt } from "./generate/basePrompt.ts";
import { generateMessages } from "./generate/generateMessages.ts";
import { longestCode, tooLong } from "./generate/writeBase.ts";
import { prepareRun, settingsOf, taskProblem } from "./prepareRun.ts";
import { reviewCode } from "./reviewCode.ts";
import { reviseMessages } from "./revise/reviseMessages.ts";
import { fitPrompt, type Share } from "./room.ts";
import type { Run } from "./run.ts";
import type { WorkflowRequest } from "./types.ts";

type Prompt = PromptsRecord["prompts"][number];

/**
 * What would be sent for a task, as it would be sent first. A revision's prompt tells of findings, so
 * that the code is reviewed for it; nothing is generated.
 * @throws CodedError
 */
export async function readPrompts(
  dependencies: WorkflowDependencies,
  request: WorkflowRequest,
  step: "generate" | "revise",
  signal: AbortSignal,
): Promise<PromptsRecord["prompts"]> {
  const problem = taskProblem(request.task);
  if (problem !== undefined) throw new CodedError("VALIDATION_ERROR", problem);
  const { tokens, seconds } = settingsOf(dependencies, request.task);
  const budget = createBudget({ clock: dependencies.clock, tokens, seconds, signal });
  try {
    const isGenerated = step === "generate";
    const { code, ...task } = request.task;
    const asked = isGenerated ? { ...request, task } : request;
    const prepared = await prepareRun(dependencies, asked, budget);
    if (prepared.kind === "failed") throw prepared.error;
    if (prepared.kind === "cancelled") return [];
    const { run } = prepared;
    if (isGenerated) return [run.isInstruct ? await askedFor(run) : await goneOnWith(run)];
    if (code === undefined || code.trim() === "") {
      throw new CodedError("VALIDATION_ERROR", "There is no code to revise.");
    }
    if (!run.isInstruct) throw new CodedError("MODEL_NOT_INSTRUCT");
    return [await revised(run, withLineFeeds(code))];
  } finally {
    budget.dispose();
  }
}

/** For a base model: the parts of the file it goes on with. */
async function goneOnWith(run: Run): Promise<Prompt> {
  const begun = baseStartOf(run);
  const prompt = await fit(run, longestCode, (share) => basePrompt(run, begun, share));
  const counts = await countsOf(run, prompt.texts);
  const roles =
    prompt.family === undefined
      ? prompt.prompt.map(() => "text")
      : rolesOf(prompt.family, prompt.prompt);
  let next = 0;
  const parts = prompt.prompt.map((part, index): Prompt["parts"][number] => {
    const role = roles[index] ?? "text";
    return "text" in part
      ? { kind: "text", role, text: part.text, tokens: counts[next++] ?? 0 }
      : { kind: "special", role, text: part.special, tokens: 1 };
  });
  return recordOf("generate", run.place.path, parts, prompt.heal);
}

async function askedFor(run: Run): Promise<Prompt> {
  const { messages } = await fit(run, longestCode, (share) =>
    withTexts(generateMessages(run, share)),
  );
  return await chat(run, "generate", messages);
}

async function revised(run: Run, code: string): Promise<Prompt> {
  const review = run.task.review ? await reviewCode(run, code) : undefined;
  const isChange = run.task.task.trim() !== "";
  const { messages } = await fit(run, longestCode, (share) =>
    withTexts(reviseMessages(run, { code, review, isChange }, share)),
  );
  return await chat(run, "revise", messages);
}

function withTexts(messages: readonly ChatMessage[]) {
  return { messages, texts: messages.map(({ text }) => text) };
}

async function fit<Built extends { readonly texts: readonly string[] }>(
  run: Run,
  wanted: number,
  build: (share: Share) => Built,
): Promise<Built> {
  const { contextSize } = run.model;
  const fitted = await fitPrompt(
    run.engine,
    { contextSize, tokensLeft: run.budget.tokensLeft, wanted },
    build,
  );
  if (fitted.kind === "fits") return fitted.prompt;
  throw fitted.kind === "tooLong"
    ? tooLong(fitted.promptTokens)
    : new CodedError("TIMEOUT_ERROR", "The tokens allowed do not do for the prompt.");
}

/** The model's own template puts its marks around the messages. */
async function chat(
  run: Run,
  purpose: "generate" | "revise",
  messages: readonly ChatMessage[],
): Promise<Prompt> {
  const { path, languageId } = run.place;
  const start = answerStart(languageId);
  const counts = await countsOf(run, [...messages.map(({ text }) => text), start]);
  const parts = [...messages, { role: "answer", text: start }].map(
    ({ role, text }, index): Prompt["parts"][number] => ({
      ...{ kind: "text", role, text, tokens: counts[index] ?? 0 },
    }),
  );
  return recordOf(purpose, `${path}, before the model's chat template`, parts, "");
}

function recordOf(
  purpose: "generate" | "revise",
  title: string,
  parts: Prompt["parts"],
  heal: string,
): Prompt {
  const totalTokens = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return { purpose, title, parts, heal, totalTokens };
}

async function countsOf({ engine }: Run, texts: readonly string[]): Promise<number[]> {
  const counted = await engine.tokenize(texts);
  if (counted.kind === "failed") throw counted.error;
  return counted.kind === "done" ? counted.value.map((tokens) => tokens.length) : [];
}
