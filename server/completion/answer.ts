import { coveredClosing } from "./closing.ts";
import type { CompleterDependencies, Surroundings } from "./dependencies.ts";
import type { Purpose } from "./stop/purpose.ts";
import { tokensOf, type Draft } from "./draft.ts";
import type { LoadedModel } from "./loadedModel.ts";
import type { Place } from "./place.ts";
import type {
  CompletionRequest,
  CompletionResult,
  CompletionSettings,
  Suggestion,
} from "./types.ts";

/** What is asked of a draft. */
export interface Question<Curve> {
  readonly loaded: LoadedModel<Curve>;
  readonly request: CompletionRequest;
  readonly settings: CompletionSettings;
  readonly place: Place;
  readonly purpose: Purpose;
}

/**
 * What may be shown of a draft at a place: cut to the purpose, filtered, gated.
 * @param soFar the draft is still being written: its first line, or the whole words of it
 */
export function answer<Curve>(
  dependencies: CompleterDependencies<Curve>,
  question: Question<Curve>,
  draft: Draft,
  source: Suggestion["source"],
  soFar: boolean,
): CompletionResult {
  const { judgement, syntax } = dependencies;
  const { loaded, request, settings, place } = question;
  const none = (reason: "empty" | "gated" | "deadline" | "cancelled"): CompletionResult => ({
    kind: "none",
    reason: soFar ? "deadline" : reason,
    ...(draft.usage === undefined ? {} : { usage: draft.usage }),
  });
  const relation = draft.relate(place);
  if (relation.kind !== "follows") return none("cancelled");
  const surroundings: Surroundings = {
    before: place.before,
    after: place.after,
    languageId: place.languageId,
    syntax,
  };
  const raw = draft.text.slice(relation.consumed);
  const wanted = soFar ? firstLine(raw) : fit(dependencies, question, draft, raw, surroundings);
  const { trace } = request;
  trace?.({
    kind: "generated",
    text: raw,
    tokens: tokensOf(draft, relation.consumed),
    ended: draft.ended,
    wanted,
  });
  const onFilter =
    trace &&
    ((name: string, before: string, after: string) =>
      trace({ kind: "filter", name, before, after }));
  const text = judgement.postprocess(wanted, surroundings, onFilter);
  if (text.trim() === "") return none("empty");
  // A filter may drop what the text begins with; the tokens follow it.
  const from = relation.consumed + Math.max(0, raw.indexOf(text));
  const gated = judgement.gate({
    ...surroundings,
    after: place.closing.slice(coveredClosing(text, place.closing)) + place.after,
    text,
    tokens: tokensOf(draft, from),
    curve: loaded.curve,
    threshold: settings.showThreshold,
    trigger: request.trigger,
    ...(trace === undefined ? {} : { onJudged: (judged) => trace({ kind: "gate", ...judged }) }),
  });
  if (gated.text.trim() === "") return none("gated");
  const range = rangeOf(question, gated.text);
  if (range === undefined) return none("empty");
  return {
    kind: "suggestion",
    suggestion: { ...range, probability: gated.probability, source },
    ...(draft.usage === undefined ? {} : { usage: draft.usage }),
  };
}

/** A block draft where only the line is wanted is cut to it. */
function fit<Curve>(
  dependencies: CompleterDependencies<Curve>,
  question: Question<Curve>,
  draft: Draft,
  text: string,
  surroundings: Surroundings,
): string {
  if (draft.purpose === "line" || question.purpose === "block" || text !== draft.text) return text;
  const { maxLines } = question.settings;
  const stop = dependencies.judgement.createStop({ ...surroundings, purpose: "line", maxLines });
  return stop.push(text).text;
}

/** The first line of a text that is still growing; without its last word where that may be half. */
function firstLine(text: string): string {
  const lead = /^\s*/.exec(text)?.[0].length ?? 0;
  const end = text.indexOf("\n", lead);
  if (end !== -1) return text.slice(0, end).trimEnd();
  const whole = text.replace(/[\p{L}\p{M}\p{N}_$]+$/u, "");
  return whole.trim() === "" ? text : whole.trimEnd();
}

/**
 * The range a text replaces: the selected item's and the closing characters that it brings itself.
 * Undefined where it contradicts the item selected in the widget.
 */
function rangeOf<Curve>(
  { request, place }: Question<Curve>,
  text: string,
): Pick<Suggestion, "text" | "start" | "end"> | undefined {
  const { selected, offset, document } = request;
  const end = offset + coveredClosing(text, place.closing);
  if (selected === undefined) return { text, start: offset, end };
  if (selected.start > offset || selected.end > offset) return undefined;
  const whole = document.text.slice(selected.start, offset) + text;
  if (!whole.startsWith(selected.text) || whole === selected.text) return undefined;
  return { text: whole, start: selected.start, end };
}
