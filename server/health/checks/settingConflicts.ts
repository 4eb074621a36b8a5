import type { Settings } from "../../protocol/settings.ts";

/** What settings make of each other, a sentence for each contradiction. */
export function conflictsOf(
  settings: Settings,
  set: readonly string[],
  cores: number,
): readonly string[] {
  const found: string[] = [];
  if (!settings.enabled) {
    found.push("starcoder.enabled is off: no suggestions are made.");
  }
  if (settings.languages["*"] === false && !Object.values(settings.languages).includes(true)) {
    found.push("starcoder.languages turns every language off.");
  }
  const { "completion.delay": delay, "completion.deadline": deadline } = settings;
  if (delay >= deadline) {
    found.push(
      `starcoder.completion.delay (${delay} ms) is not below starcoder.completion.deadline (${deadline} ms): it is waited as long as the model may take, or longer, before it is asked.`,
    );
  }
  for (const key of ["threads", "prefillThreads"] as const) {
    if (settings[key] > cores) {
      found.push(
        `starcoder.${key} is ${settings[key]}, there are ${cores} cores: it only slows down.`,
      );
    }
  }
  const { "model.contextSize": context, "completion.contextTokens": tokens } = settings;
  if (context > 0 && tokens > context) {
    found.push(
      `starcoder.completion.contextTokens (${tokens}) is more than starcoder.model.contextSize (${context}).`,
    );
  }
  if (context > 0 && settings["completion.maxTokens"] >= context) {
    found.push(
      `starcoder.completion.maxTokens (${settings["completion.maxTokens"]}) leaves nothing of starcoder.model.contextSize (${context}).`,
    );
  }
  if (settings["review.mode"] === "off" && set.some(isOtherReviewSetting)) {
    found.push("starcoder.review.mode is off: the other settings of reviews have no effect.");
  }
  if (
    settings["review.comments"] &&
    settings["model.instruct"] === "off" &&
    set.includes("review.comments")
  ) {
    found.push(
      "starcoder.review.comments is on, starcoder.model.instruct is off: no comments are written.",
    );
  }
  if (settings.backend === "cpu" && settings["model.gpuLayers"] > 0) {
    found.push("starcoder.model.gpuLayers has no effect while starcoder.backend is cpu.");
  }
  if (settings["completion.temperature"] === 0 && settings["completion.seed"] !== null) {
    found.push(
      "starcoder.completion.seed has no effect while starcoder.completion.temperature is 0.",
    );
  }
  return found;
}

function isOtherReviewSetting(key: string): boolean {
  return key.startsWith("review.") && key !== "review.mode";
}
