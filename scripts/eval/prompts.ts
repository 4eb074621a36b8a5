import { placeOf, type Place } from "../../server/completion/place.ts";
import { cutForHealing } from "../../server/completion/prompt/heal.ts";
import type { Family } from "../../server/completion/prompt/families.ts";
import { createPrompter } from "../../server/completion/prompt/prompter.ts";
import type { CompletionRequest, CompletionSettings } from "../../server/completion/types.ts";
import type { ModelDescription, PromptPart } from "../../server/protocol/host.ts";
import type { EvalLine } from "./sampleLines.ts";

/** A prompt and the text cut from its end for healing. */
export interface EvalPrompt {
  readonly prompt: readonly PromptPart[];
  readonly heal: string;
}

/** Plain PSM, not healed: what llama-server and the extensions built on it send. */
export function plainPrompt(family: Family, line: EvalLine): EvalPrompt {
  const { prefix, suffix, middle } = family;
  const before = [{ special: prefix }, { text: line.before }];
  const after = [{ special: suffix }, ...(line.after === "" ? [] : [{ text: line.after }])];
  const parts =
    middle === undefined ? [...after, ...before] : [...before, ...after, { special: middle }];
  return { prompt: parts, heal: "" };
}

/** The settings that matter to a prompt, with room for the whole window. */
function settingsFor(model: ModelDescription): CompletionSettings {
  return {
    maxTokens: 64,
    maxLines: 1,
    temperature: 0,
    topP: 1,
    topK: 0,
    repetitionPenalty: 1,
    multiline: "never",
    showThreshold: -1,
    comments: "on",
    contextTokens: model.contextSize,
    speculation: "off",
    cache: false,
    deadlineMs: Number.MAX_SAFE_INTEGER,
  };
}

/** The place of a line as the completer sees it: its window is the whole document. */
export function placeOfLine(line: EvalLine): Place {
  return placeOf(requestFor(line).document, line.before.length);
}

function requestFor(line: EvalLine): CompletionRequest {
  return {
    document: {
      uri: `eval:///${line.id}`,
      path: line.path,
      languageId: line.language,
      version: 1,
      text: line.before + line.after,
    },
    offset: line.before.length,
    trigger: "automatic",
    requestId: line.id,
  };
}

/** Makes the product's own prompts: anchored, healed, by the product's own code. */
export function productPrompts(
  model: ModelDescription,
  family: Family,
): (line: EvalLine) => EvalPrompt {
  const prompter = createPrompter({
    model,
    family,
    usesGpu: false,
    contextSources: [],
    repositoryName: () => "project",
  });
  const settings = settingsFor(model);
  return (line) => {
    const prepared = prompter.prepare(placeOfLine(line), requestFor(line), settings);
    prompter.close(requestFor(line).document.uri);
    const { head, middle, suffix } = prepared.located;
    // Both prompts must see the same text, or the comparison says nothing about them.
    if (head + middle !== line.before || suffix !== line.after) {
      throw new Error(`The product's window cut ${line.id}: choose a smaller one.`);
    }
    if (cutForHealing(middle).heal !== prepared.heal) throw new Error("Healing disagrees.");
    return prepared;
  };
}
