import { errorTable } from "../../protocol/errors.ts";
import type { ExplainStep } from "../../protocol/explain.ts";
import { exclusionOf } from "../context/excluded.ts";
import { filterStep, gateStep, generatedStep } from "./generationSteps.ts";
import { promptSteps } from "./promptSteps.ts";
import { count, linesOf, step, type Event, type Step } from "./stepText.ts";
import type { TraceEvent, Traced } from "./trace.ts";

/** Events as steps for a person. The only texts of the user in them are those of `withText`. */
export function toSteps(traced: readonly Traced[], withText: boolean): ExplainStep[] {
  return traced.flatMap(({ event, atMs }) =>
    stepsOf(event, withText).map((step) => ({ ...step, atMs: Math.round(atMs * 10) / 10 })),
  );
}

/** @param withText whether the source text may appear in the details. */
export function stepsOf(event: TraceEvent, withText: boolean): readonly Step[] {
  switch (event.kind) {
    case "document":
      return [documentStep(event)];
    case "position":
      return [positionStep(event)];
    case "notReady":
      return [notReadyStep(event)];
    case "model":
      return [modelStep(event)];
    case "binary":
      return [step("document", "Document", "stopped", "There is binary data near the cursor.")];
    case "comment":
      return [
        step(
          "comment",
          "Comments",
          "stopped",
          `The cursor stands in a comment, and starcoder.completion.comments is ${event.setting}.`,
        ),
      ];
    case "purpose":
      return [
        step(
          "purpose",
          "Asked for",
          "info",
          event.purpose === "line" ? "The rest of the line." : "A block of lines.",
        ),
      ];
    case "cache":
      return [cacheStep(event)];
    case "joined":
      return event.joined
        ? [step("joined", "Under way", "info", "A text that is being written already fits.")]
        : [];
    case "prompt":
      return promptSteps(event, withText);
    case "generated":
      return [generatedStep(event, withText)];
    case "filter":
      return [filterStep(event, withText)];
    case "gate":
      return [gateStep(event, withText)];
    case "waited":
      return [step("waiting", "Waiting", "stopped", waitedText[event.until])];
    case "result":
      return resultSteps(event, withText);
  }
}

function documentStep({ document, refused }: Event<"document">): Step {
  const { path, languageId, text } = document;
  const size = `${path}: ${languageId}, ${count(text.length, "character")} in ${count(linesOf(text), "line")}.`;
  if (refused === undefined) return step("document", "Document", "passed", size);
  const why = {
    secret: "Its name says that it holds secrets; such files are never shown to a model.",
    binary: "It holds binary data.",
    tooLarge: "It is too large.",
    none: "It is excluded.",
  }[exclusionOf(document) ?? "none"];
  return step("document", "Document", "stopped", `${size} ${why}`);
}

function positionStep({ place, hasGrammar, midWord }: Event<"position">): Step {
  const unknown = hasGrammar
    ? "Parsing takes too long to know what kind of place it is"
    : "There is no grammar for this language";
  const kind = place === undefined ? unknown : `In ${wordsOf[place]}`;
  const detail = `${kind}${midWord ? ", inside a word" : ""}.`;
  return step("position", "Position", "passed", detail);
}

const wordsOf = { code: "code", comment: "a comment", string: "a string" } as const;

function notReadyStep({ state, error }: Event<"notReady">): Step {
  const detail =
    error === undefined
      ? `It is ${stateWords[state] ?? state}.`
      : `${error.code}: ${error.message}`;
  return step("model", "Model", "stopped", detail);
}

const stateWords: Readonly<Record<string, string>> = {
  stopped: "not running",
  starting: "still starting",
  restarting: "being restarted",
};

function modelStep({ model, family }: Event<"model">): Step {
  const name = model.name === "" ? model.architecture : model.name;
  const { message } = errorTable.MODEL_NOT_FIM;
  return family === undefined
    ? step("model", "Model", "stopped", `MODEL_NOT_FIM: ${name}: ${message}`)
    : step(
        "model",
        "Model",
        "passed",
        `${name}, family ${family.id}, context of ${count(model.contextSize, "token")}.`,
      );
}

function cacheStep({ found, consumed }: Event<"cache">): Step {
  const detail = {
    off: "It is off.",
    miss: "The model has not answered this place before.",
    hit:
      consumed === 0
        ? "The model has answered this place before; it is not asked again."
        : `What the model wrote before goes on here after ${count(consumed, "typed character")}; it is not asked again.`,
  }[found];
  return step("cache", "Cache", found === "hit" ? "passed" : "info", detail);
}

const waitedText = {
  departed: "What the model writes departs from what was typed.",
  deadline: "Time is up (starcoder.completion.deadline); it goes on for the next key.",
  cancelled: "The request was given up.",
} as const;

function resultSteps(
  { result, asked, usage, totalMs }: Event<"result">,
  withText: boolean,
): Step[] {
  const times =
    usage === undefined
      ? `${totalMs.toFixed(1)} ms; ${asked ? "the host did not say in time what it cost" : "the model was not asked"}.`
      : `${totalMs.toFixed(1)} ms: waiting ${usage.queueMs.toFixed(1)}, prompt ${usage.prefillMs.toFixed(1)} (${count(usage.evaluatedTokens, "token")} read, ${usage.reusedTokens} remembered), text ${usage.decodeMs.toFixed(1)} (${count(usage.generatedTokens, "token")}).`;
  const ended =
    result.kind === "suggestion"
      ? step(
          "result",
          "Result",
          "passed",
          `A suggestion of ${count(result.suggestion.text.length, "character")}${withText ? `: ${JSON.stringify(result.suggestion.text)}` : "."}`,
        )
      : step(
          "result",
          "Result",
          "stopped",
          result.kind === "none"
            ? `No suggestion: ${result.reason}.`
            : `${result.error.code}: ${result.error.message}`,
        );
  return [ended, step("times", "Times", "info", times)];
}

/** The source text of an event, for a log that may hold it; undefined where it has none of its own. */
export function textOf(event: TraceEvent): string | undefined {
  if (event.kind === "generated") return event.text;
  if (event.kind === "filter") return `${event.before} → ${event.after}`;
  if (event.kind === "gate") return event.shown;
  if (event.kind !== "prompt") return undefined;
  return event.prepared.prompt.map((part) => ("text" in part ? part.text : part.special)).join("");
}
