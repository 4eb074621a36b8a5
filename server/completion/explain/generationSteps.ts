import type { DraftEnd } from "../draft.ts";
import { count, percent, step, type Event, type Step } from "./stepText.ts";

/** What the model wrote. */
export function generatedStep(
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

/** What a filter made of it. */
export function filterStep({ name, before, after }: Event<"filter">, withText: boolean): Step {
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

/** Whether it is worth showing. */
export function gateStep(event: Event<"gate">, withText: boolean): Step {
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
