import type { ChatMessage } from "../protocol/host.ts";
import { extractCode, hasWholeBlock, indented } from "./extract.ts";
import { tooLong } from "./generate/writeBase.ts";
import { languageTraits } from "./language.ts";
import { fitPrompt, type Share } from "./room.ts";
import type { Run, Try, Written } from "./run.ts";
import { samplingOf, streamText } from "./stream.ts";
import { trimAnswer } from "./trimAnswer.ts";

/** Asks an instruction-tuned model for code and takes it from the answer. */
export async function askForCode(
  run: Run,
  attempt: Try,
  wanted: number,
  messagesOf: (share: Share) => readonly ChatMessage[],
): Promise<Written> {
  const { engine, place, model, budget } = run;
  const { languageId } = place;
  const fitted = await fitPrompt(
    engine,
    { contextSize: model.contextSize, tokensLeft: budget.tokensLeft, wanted },
    (share) => {
      const messages = messagesOf(share);
      return { messages, texts: messages.map(({ text }) => text) };
    },
  );
  if (fitted.kind === "outOfTokens") return fitted;
  if (fitted.kind === "tooLong") return { kind: "failed", error: tooLong(fitted.promptTokens) };
  const { prompt, promptTokens, maxTokens } = fitted;
  const answerPrefix = answerStart(languageId);
  const endOf = (text: string): number | undefined =>
    hasWholeBlock(text, languageId, answerPrefix) ? text.length : undefined;
  const streamed = await streamText(budget, promptTokens, endOf, async (onToken, signal) => {
    const outcome = await engine.ask(
      {
        requestId: run.requestId,
        affinity: place.uri,
        messages: [...prompt.messages],
        answerPrefix,
        priority: "background",
        maxTokens,
        sampling: samplingOf(attempt),
      },
      signal,
      onToken,
    );
    return outcome;
  });
  if (streamed.kind !== "done") return streamed;
  const { code, isWhole } = extractCode(streamed.text, languageId, answerPrefix);
  const { meanLogProbability } = streamed;
  // A model that ends without closing its fence has said all.
  const cut = isWhole ? undefined : streamed.cut;
  return {
    kind: "written",
    code: indented(trimAnswer(code, place), place.indent),
    ...(cut === undefined ? {} : { cut }),
    ...(meanLogProbability === undefined ? {} : { meanLogProbability }),
  };
}

/** The code fence that an answer is begun with, so that no prose comes first. */
export function answerStart(languageId: string): string {
  return `\`\`\`${languageTraits(languageId).fence}\n`;
}
