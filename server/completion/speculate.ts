import type { Question } from "./answer.ts";
import type { SuggestionCache } from "./cache.ts";
import type { CompleterDependencies } from "./dependencies.ts";
import type { Draft } from "./draft.ts";
import { startFlight } from "./flight.ts";
import { advance } from "./place.ts";
import type { Prompter } from "./prompt/prompter.ts";
import type { Schedule } from "./schedule.ts";
import type { CompletionSettings, Generation } from "./types.ts";

/** Computes what follows a suggestion while the user reads it. */
export interface Speculator<Curve> {
  /** `text` was suggested at the question's place; `onFinished` gets what was generated after it. */
  follow(question: Question<Curve>, text: string, onFinished: (draft: Draft) => void): void;
}

/** Creates a speculator; it works only where the measured speeds say that it pays. */
export function createSpeculator<Curve>(
  dependencies: CompleterDependencies<Curve>,
  cache: SuggestionCache,
  schedule: Schedule,
  onCharged: (generation: Generation) => void,
): Speculator<Curve> {
  const { judgement, syntax } = dependencies;
  return {
    follow(question, text, onFinished) {
      const { settings, loaded, request } = question;
      if (!settings.cache || !speculationPays(settings, loaded.prompter.speed)) return;
      const place = advance(question.place, text);
      const { before, after, languageId } = place;
      const { multiline } = settings;
      const trigger = "automatic";
      const purpose = judgement.purposeOf({
        before,
        after,
        languageId,
        multiline,
        trigger,
        syntax,
      });
      if (cache.find(place, purpose) !== undefined || schedule.isSpeculatedOn(place)) return;
      const flight = startFlight(dependencies, {
        loaded,
        request,
        settings,
        place,
        purpose,
        priority: "speculation",
        lead: text.length,
        onFinished,
        onCharged,
      });
      schedule.speculate(place.uri, flight);
    },
  };
}

/** A continuation must be there about when the user has read and accepted the suggestion. */
const readingMs = 700;
/** Below it, a prompt that departs costs the next key more than speculation saves. */
const leastPrefill = 800;

/** Whether computing what follows a shown suggestion pays, by the measured speeds. */
export function speculationPays(settings: CompletionSettings, speed: Prompter["speed"]): boolean {
  if (settings.speculation !== "auto") return settings.speculation === "on";
  const { prefill = 0, decode = 0 } = speed;
  return prefill >= leastPrefill && (decode * readingMs) / 1000 >= settings.maxTokens;
}
