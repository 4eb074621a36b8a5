import type { Verdict } from "./verdict.ts";
import type { ExplainStep } from "../../protocol/explain.ts";
import { isLanguageEnabled, type Settings } from "../../protocol/settings.ts";
import type { ExplainTarget } from "./explainer.ts";

/** What a server refuses before it asks its completer. */
export function refusalOf(
  { document, withoutText }: Pick<ExplainTarget, "document" | "withoutText">,
  settings: Settings,
): { readonly verdict: Verdict; readonly steps: ExplainStep[] } | undefined {
  const { path, languageId } = document;
  const refused = (reason: string, summary: string, step: ExplainStep, helps: boolean) => ({
    verdict: {
      ...{ summary: `No suggestion: ${summary}`, reason, error: undefined },
      actions: helps ? (["openSettings"] as const).slice() : [],
    },
    steps: step.name === "document" ? [step] : [documentStep(path, languageId), step],
  });
  if (!isLanguageEnabled(settings, languageId)) {
    const step = settingsStep(settings, languageId);
    return settings.enabled
      ? refused("language", `suggestions are off for ${languageId}.`, step, true)
      : refused("disabled", "suggestions are off.", step, true);
  }
  if (withoutText === undefined) return undefined;
  const isLarge = withoutText === "tooLarge";
  const detail = `${path} ${isLarge ? "is too large" : "holds binary data"}.`;
  const step: ExplainStep = { name: "document", title: "Document", outcome: "stopped", detail };
  const summary = isLarge ? "this file is too large." : "this file holds binary data.";
  return refused(isLarge ? "tooLarge" : "excluded", summary, step, false);
}

function documentStep(path: string, languageId: string): ExplainStep {
  const detail = `${path}: ${languageId}.`;
  return { name: "document", title: "Document", outcome: "passed", detail };
}

export function settingsStep(settings: Settings, languageId: string): ExplainStep {
  const isOn = isLanguageEnabled(settings, languageId);
  const detail = !settings.enabled
    ? "starcoder.enabled is off."
    : isOn
      ? `Suggestions are on for ${languageId}.`
      : `starcoder.languages turns suggestions off for ${languageId}.`;
  return { name: "settings", title: "Settings", outcome: isOn ? "passed" : "stopped", detail };
}
