import type { ErrorAction } from "../server/protocol/errors.ts";
import type { Availability } from "./availability.ts";

/** What the editor's side knows of why no suggestion is shown. */
export interface EditorReason {
  /** One sentence. */
  readonly text: string;
  /** Whether nothing is shown because of it; else it is only worth knowing. */
  readonly stops: boolean;
  readonly actions: readonly ErrorAction[];
}

export interface EditorSide {
  readonly availability: Availability;
  readonly languageId: string;
  readonly scheme: string;
  readonly isServed: boolean;
  readonly snoozeMinutes: number;
  /** `editor.inlineSuggest.enabled` in this language. */
  readonly inlineSuggestEnabled: boolean;
  readonly hasSelection: boolean;
  /** Names of other extensions that are active and suggest inline. */
  readonly others: readonly string[];
}

/** The reasons of the editor's side, those that stop suggestions first. */
export function editorReasons(side: EditorSide): readonly EditorReason[] {
  const reasons: EditorReason[] = [];
  const stop = (text: string, ...actions: ErrorAction[]) => {
    reasons.push({ text, stops: true, actions });
  };
  const { availability } = side;
  if (!side.isServed) stop(`Documents of the kind “${side.scheme}” get no suggestions.`);
  if (availability.kind === "off") {
    if (availability.why === "disabled") stop("Suggestions are off.", "openSettings");
    if (availability.why === "language") {
      stop(`Suggestions are off for ${side.languageId}.`, "openSettings");
    }
    if (availability.why === "snoozed") {
      const left = `${side.snoozeMinutes} more ${side.snoozeMinutes === 1 ? "minute" : "minutes"}`;
      stop(`Suggestions are snoozed for ${left}; asked for by hand they are shown.`);
    }
  }
  if (!side.inlineSuggestEnabled) {
    stop(
      "The editor shows no inline suggestions: editor.inlineSuggest.enabled is off.",
      "enableInlineSuggest",
    );
  }
  if (side.hasSelection) {
    stop("Text is selected; suggestions are shown at a cursor.");
  }
  if (side.others.length > 0) {
    const text = `Other extensions suggest inline, too: ${side.others.join(", ")}. The editor shows one suggestion at a time.`;
    reasons.push({ text, stops: false, actions: ["showExtensions"] });
  }
  return reasons;
}
