import { errorTable } from "../protocol/errors.ts";
import type { ExplainStep } from "../protocol/explain.ts";
import { exclusionOf } from "./context/excluded.ts";
import type { DraftEnd } from "./draft.ts";
import { coldPromptMs } from "./prompt/budget.ts";
import { readsPrefixLast } from "./prompt/families.ts";
import type { TraceEvent, Traced } from "./trace.ts";

type Step = Omit<ExplainStep, "atMs">;
type Event<Kind extends TraceEvent["kind"]> = Extract<TraceEvent, { kind: Kind }>;

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

function step(name: string, title: string, outcome: Step["outcome"], detail: string): Step {
  return { name, title, outcome, detail };
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

function promptSteps(
  { prepared, family, used, speed }: Event<"prompt">,
  withText: boolean,
): Step[] {
  const { located, limits, kept, heal } = prepared;
  const { head, middle, suffix, snippets } = located;
  const before = head + middle;
  const measured =
    speed.prefill === undefined
      ? "The speed of this machine is not measured yet and taken from the model's size."
      : `Measured: ${speed.prefill.toFixed(0)} tokens a second read${speed.decode === undefined ? "" : `, ${speed.decode.toFixed(0)} written`}.`;
  const anchor = readsPrefixLast(family)
    ? "all of it read after the suffix"
    : `the anchor ${count(linesOf(middle) - 1, "line")} above the cursor`;
  const files = snippets.map(({ path, text }) => `${path} (${count(text.length, "character")})`);
  const cut = withText ? JSON.stringify(heal) : count(heal.length, "character");
  return [
    step(
      "budget",
      "Budget",
      "info",
      `At most ${count(limits.tokens, "token")}, so that a prompt that is new is read within ${coldPromptMs} ms. ${measured}`,
    ),
    step(
      "window",
      "Window",
      "info",
      `${kept ? "The one from before still holds" : "A new one"}: ${count(linesOf(before), "line")} (${count(before.length, "character")}) before the cursor, ${anchor}; ${count(linesOf(suffix), "line")} (${count(suffix.length, "character")}) after it; ${files.length === 0 ? "no other files" : `other files: ${files.join(", ")}`}.`,
    ),
    step(
      "prompt",
      "Prompt",
      "info",
      `${count(prepared.prompt.length, "part")}, ${count(prepared.characters, "character")}${used ? "" : "; the model was not asked"}.`,
    ),
    step(
      "healing",
      "Healing",
      "info",
      heal === ""
        ? "Nothing is cut from the end."
        : `${cut} is cut from the end; what the model writes must begin with it.`,
    ),
  ];
}

function generatedStep(
  { text, tokens, ended, wanted }: Event<"generated">,
  withText: boolean,
): Step {
  const sum = tokens.reduce((total, { logProbability }) => total + logProbability, 0);
  const mean =
    tokens.length === 0 ? "" : `, mean log-probability ${(sum / tokens.length).toFixed(2)}`;
  const end = ended === undefined ? "It is not finished." : endWords[ended];
  const cut = wanted === text ? "" : " Only its first line is wanted.";
  const written = withText && text !== "" ? ` ${JSON.stringify(text)}` : "";
  return step(
    "generation",
    "Written by the model",
    text.trim() === "" ? "stopped" : "passed",
    `${count(tokens.length, "token")}, ${count(text.length, "character")}${mean}.${written} ${end}${cut}`,
  );
}

const endWords: Readonly<Record<DraftEnd, string>> = {
  endOfLine: "Ended with the line.",
  endOfBlock: "Ended with the block.",
  indentation: "Ended where the indentation leaves the block.",
  loop: "Ended since it repeated itself.",
  maxLines: "Ended at the most lines (starcoder.completion.maxLines).",
  stop: "Ended by the model.",
  length: "Ended at the most tokens (starcoder.completion.maxTokens).",
};

function filterStep({ name, before, after }: Event<"filter">, withText: boolean): Step {
  const dropped = after.trim() === "";
  const change = withText
    ? `${JSON.stringify(before)} → ${JSON.stringify(after)}`
    : `${count(before.length, "character")} → ${count(after.length, "character")}`;
  const detail = `${filterWords[name] ?? "Changed"}: ${change}`;
  return step(`filter.${name}`, `Filter ${name}`, dropped ? "stopped" : "info", detail);
}

const filterWords: Readonly<Record<string, string>> = {
  leakedTokens: "Cut at a control token of the model",
  brokenEnds: "Without half a character",
  repetition: "Repeats what stands there",
  blank: "Nothing but white space",
  indentation: "Indented as the document is",
  followingLines: "Repeats the lines that follow",
  restOfLine: "Repeats the rest of the line",
  bracketBalance: "Closes a bracket that is not open",
  trailingSpace: "Without white space at its end",
};

function gateStep(event: Event<"gate">, withText: boolean): Step {
  const { probability, threshold, text, shown, parses, curve, trigger } = event;
  const by = curve === undefined ? "" : ` by the curve of ${curve}`;
  const odds = `Right with a probability of ${percent(probability)}${by}; ${percent(threshold)} are needed`;
  const part = withText ? ` Shortened to ${JSON.stringify(shown)}.` : " Shortened.";
  const verdict =
    trigger === "invoked"
      ? ", but asked for by hand it is always shown."
      : `.${shown === "" ? ` ${parses ? "No part of it is sure enough." : "It would leave more syntax errors."}` : shown === text ? " It leaves no more syntax errors than there were." : part}`;
  return step("gate", "Worth showing", shown === "" ? "stopped" : "passed", odds + verdict);
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

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}

function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
}

function linesOf(text: string): number {
  return text === "" ? 0 : text.split("\n").length;
}
