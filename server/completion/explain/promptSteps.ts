import { coldPromptMs } from "../prompt/budget.ts";
import { readsPrefixLast } from "../prompt/families.ts";
import { count, linesOf, step, type Event, type Step } from "./stepText.ts";

/** How the prompt came about: budget, window, parts, what was cut for healing. */
export function promptSteps(
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
