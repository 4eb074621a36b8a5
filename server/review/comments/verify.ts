import type { ChatEngine, Engine, EngineOutcome } from "../../engine/engine.ts";
import type { PromptPart, TextChange, Usage } from "../../protocol/host.ts";
import { withLineFeeds } from "../../text/lines.ts";
import { modelTextOf } from "../likelihood/modelText.ts";
import { checkQuestion, type Excerpt, type ReviewPrompts } from "./prompt.ts";

/** What of the code behind a replacement counts, in UTF-16 code units. */
const horizon = 120;
/** Nats below which a replacement has lost for good. */
const hopeless = -40;

/** A comment whose quote was found, before it is believed. */
export interface Anchored {
  readonly start: number;
  readonly end: number;
  /** Counted from 0. */
  readonly line: number;
  readonly message: string;
  readonly change: TextChange | undefined;
}

/** The probability that a comment is right, by asking the model that. */
export async function askWhetherRight(
  engine: Pick<ChatEngine, "decide">,
  prompts: ReviewPrompts,
  excerpt: Excerpt,
  comment: Anchored,
  signal: AbortSignal,
): Promise<EngineOutcome<{ readonly probability: number; readonly usage: Usage }>> {
  const { text } = excerpt.document;
  const { start, end, line, message, change } = comment;
  const outcome = await engine.decide(
    {
      messages: checkQuestion(prompts, excerpt, {
        line: line + 1,
        quote: withLineFeeds(text.slice(start, end)),
        message,
        replacement: change === undefined ? null : withLineFeeds(change.text),
      }),
      answerPrefix: "",
      options: ["Yes", "No"],
      priority: "background",
    },
    signal,
  );
  if (outcome.kind !== "done") return outcome;
  const { probabilities, usage } = outcome.value;
  return { kind: "done", value: { probability: probabilities[0] ?? 0, usage } };
}

/**
 * Log-odds of the code with a replacement over the code as written, in nats; undefined where they
 * cannot be told.
 * @param fileStart how a file starts for this model.
 */
export async function oddsOf(
  engine: Pick<Engine, "weigh">,
  fileStart: readonly PromptPart[],
  excerpt: Excerpt,
  change: TextChange,
  signal: AbortSignal,
): Promise<EngineOutcome<{ readonly odds: number | undefined; readonly usage: Usage }>> {
  const model = modelTextOf(excerpt.document.text, excerpt.chunk);
  const changes = [
    { start: model.at(change.start), end: model.at(change.end), text: withLineFeeds(change.text) },
  ];
  const outcome = await engine.weigh(
    {
      prefix: [...fileStart],
      text: model.text,
      from: model.from,
      alternatives: [{ changes, site: 0, prior: 0 }],
      most: 1,
      mostPerSite: 1,
      leastFirst: hopeless,
      horizon,
      giveUp: hopeless,
      priority: "background",
    },
    () => undefined,
    signal,
  );
  if (outcome.kind !== "done") return outcome;
  const { alternatives, usage } = outcome.value;
  const odds = alternatives[0]?.odds;
  const total = odds?.complete === true ? odds.change + odds.after : undefined;
  return { kind: "done", value: { odds: Number.isFinite(total) ? total : undefined, usage } };
}
