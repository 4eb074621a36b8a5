import { leakedTokens } from "../../completion/postprocess/leakedTokens.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Run, Try, Written } from "../run.ts";
import { fitPrompt } from "../room.ts";
import { samplingOf, streamText } from "../stream.ts";
import { basePrompt } from "./basePrompt.ts";
import { baseStartOf } from "./baseStart.ts";
import { codeEnd } from "./codeEnd.ts";
import { untilItParses } from "./untilItParses.ts";

/** Tokens that one version may have at most. */
export const longestCode = 1536;

/** Has a base model go on with a file whose comment says what is to come. */
export async function writeBase(run: Run, attempt: Try): Promise<Written> {
  const { engine, syntax, place, model, budget } = run;
  const begun = baseStartOf(run, attempt.isFunction);
  const fitted = await fitPrompt(
    engine,
    { contextSize: model.contextSize, tokensLeft: budget.tokensLeft, wanted: longestCode },
    (share) => basePrompt(run, begun, share),
  );
  if (fitted.kind === "outOfTokens") return fitted;
  if (fitted.kind === "tooLong") return { kind: "failed", error: tooLong(fitted.promptTokens) };
  const { prompt, promptTokens, maxTokens } = fitted;
  const endOf = codeEnd({ syntax, place, start: begun.start, isOpened: begun.isOpened });
  const streamed = await streamText(budget, promptTokens, endOf, (onToken, signal) =>
    engine.generate(
      {
        requestId: run.requestId,
        affinity: place.uri,
        prompt: [...prompt.prompt],
        heal: prompt.heal,
        priority: "background",
        maxTokens,
        sampling: samplingOf(attempt),
        stopTokens: [...(prompt.family?.stopTokens ?? [])],
        stopStrings: [],
      },
      onToken,
      signal,
    ),
  );
  if (streamed.kind !== "done") return streamed;
  const generated = leakedTokens(streamed.text, {
    before: run.task.task + place.before,
    after: place.after,
  });
  const { cut, meanLogProbability } = streamed;
  const whole = `${begun.start}${generated}`.trimEnd();
  const code =
    cut === undefined || begun.isOpened
      ? whole
      : (untilItParses(syntax, place, begun.start, whole) ?? whole);
  const isMended = code !== whole;
  return {
    kind: "written",
    code: generated.trim() === "" ? "" : code,
    ...(cut === undefined || isMended ? {} : { cut }),
    ...(meanLogProbability === undefined ? {} : { meanLogProbability }),
  };
}

/** The task alone is longer than the model's context. */
export function tooLong(tokens: number): CodedError {
  return new CodedError("CONTEXT_OVERFLOW", `The task alone takes ${tokens} tokens.`);
}
