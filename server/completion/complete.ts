import { CodedError, toCodedError } from "../protocol/errors.ts";
import { answer, type Question } from "./answer.ts";
import { createCache } from "./cache.ts";
import type { CompleterDependencies } from "./dependencies.ts";
import type { Draft } from "./draft.ts";
import { startFlight, type Flight } from "./flight.ts";
import { createModelMemory } from "./loadedModel.ts";
import { placeOf, type Place } from "./place.ts";
import { lookAtPosition } from "./explain/lookAtPosition.ts";
import type { PreparedPrompt } from "./prompt/prompter.ts";
import { createSchedule } from "./schedule.ts";
import { logResult } from "./logResult.ts";
import { createSpeculator } from "./speculate.ts";
import type {
  CompletedRequest,
  Completer,
  CompletionRequest,
  CompletionResult,
  CompletionSettings,
  Generation,
  NoSuggestionReason,
  Suggestion,
} from "./types.ts";
import { waitFor } from "./waitFor.ts";
import { isUnwantedComment } from "./unwantedComment.ts";
import { createWarmer } from "./warm.ts";

/** Creates the engine of inline completion from its parts; `createCompletion` wires the usual ones. */
export function createCompleter<Curve>(dependencies: CompleterDependencies<Curve>): Completer {
  const { engine, clock, settings: currentSettings, log, judgement, syntax } = dependencies;
  const cache = createCache();
  const schedule = createSchedule();
  const modelOf = createModelMemory(dependencies, forget);
  const generatedListeners = new Set<(generation: Generation) => void>();
  const onCharged = (generation: Generation) => {
    for (const listener of generatedListeners) listener(generation);
  };
  const speculator = createSpeculator(dependencies, cache, schedule, onCharged);
  let generationKey = "";
  const warmer = createWarmer(dependencies);
  const completedListeners = new Set<(completed: CompletedRequest) => void>();
  const lateListeners = new Set<(request: CompletionRequest) => void>();
  const tellLate = (request: CompletionRequest) => {
    for (const listener of lateListeners) listener(request);
  };
  /** The last automatic request that met a model still starting: it may be asked again. */
  let early: CompletionRequest | undefined;
  const stopWatching = engine.onState(({ kind }) => {
    if (kind !== "ready" || early === undefined) return;
    tellLate(early);
    early = undefined;
  });

  function forget(): void {
    schedule.abortAll();
    cache.clear();
  }

  async function complete(
    request: CompletionRequest,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const started = clock.now();
    let flight: Flight | undefined;
    const note = (used: Flight) => (flight = used);
    const result = await decide(request, signal, started, note).catch(
      (thrown: unknown): CompletionResult => ({ kind: "failed", error: toCodedError(thrown) }),
    );
    const totalMs = clock.now() - started;
    // A finished text is shown at once; what it cost is known a moment later.
    const { draft, landed } = flight ?? {};
    const told = (draft?.settled === true ? landed : Promise.resolve())?.then(() => {
      const usage = draft?.usage;
      logResult(log, request, result, usage, totalMs);
      request.trace?.({ kind: "result", result, asked: flight !== undefined, usage, totalMs });
      if (request.explained) return;
      const completed = { request, result, totalMs, ...(usage === undefined ? {} : { usage }) };
      for (const listener of completedListeners) listener(completed);
    });
    if (request.explained) await told;
    return result;
  }

  async function decide(
    request: CompletionRequest,
    signal: AbortSignal,
    started: number,
    note: (flight: Flight) => void,
  ): Promise<CompletionResult> {
    if (signal.aborted) return none("cancelled");
    const settings = currentSettings();
    const { document, trigger, trace } = request;
    const refused = dependencies.refuse?.(document);
    trace?.({ kind: "document", document, refused });
    if (refused !== undefined) return none(refused);
    trace?.(lookAtPosition(syntax, request));
    if (engine.state.kind !== "ready") return notReady(request);
    const loaded = modelOf(engine.state);
    trace?.({ kind: "model", model: engine.state.model, family: loaded?.family });
    if (loaded === undefined) {
      return { kind: "failed", error: new CodedError("MODEL_NOT_FIM", engine.state.model.name) };
    }
    const place = placeOf(document, request.offset);
    if (place.before.includes("\0") || place.after.includes("\0")) {
      trace?.({ kind: "binary" });
      return none("excluded");
    }
    if (isUnwantedComment(syntax, place, trigger, settings.comments)) {
      trace?.({ kind: "comment", setting: settings.comments });
      return none("inComment");
    }
    warmer.pause();
    const key = generationKeyOf(settings);
    if (key !== generationKey) forget();
    generationKey = key;
    const { multiline } = settings;
    const { before, after, languageId } = place;
    const purpose = judgement.purposeOf({ before, after, languageId, multiline, trigger, syntax });
    const question = { loaded, request, settings, place, purpose };
    trace?.({ kind: "purpose", purpose });

    if (!settings.cache) trace?.({ kind: "cache", found: "off", consumed: 0 });
    else {
      const hit = cache.find(place, purpose);
      const found = hit === undefined ? "miss" : "hit";
      trace?.({ kind: "cache", found, consumed: hit?.consumed ?? 0 });
      if (hit !== undefined) {
        if (request.explained) {
          tracePrompt(question, loaded.prompter.preview(place, request, settings), false);
        }
        // For its effect: what departs from this place is aborted.
        schedule.join(place, purpose);
        return shown(question, hit.draft, "cache");
      }
    }
    const left =
      trigger === "automatic" && !request.explained
        ? () => started + settings.deadlineMs - clock.now()
        : undefined;
    // A running generation may turn out to depart from what was typed: then one starts afresh.
    for (let joined = schedule.join(place, purpose); ; joined = undefined) {
      const flight = joined ?? takeOff(question);
      const source = joined === undefined ? "model" : "joined";
      note(flight);
      const detach = flight.attach();
      trace?.({ kind: "joined", joined: joined !== undefined });
      const { prepared } = flight;
      if (trace !== undefined) tracePrompt(question, prepared, true);
      const waited = await waitFor(flight.draft, place, clock, left?.(), signal);
      detach(waited === "cancelled" ? "cancelled" : "answered");
      // One that did not fit was made shorter.
      if (flight.prepared !== prepared) tracePrompt(question, flight.prepared, true);
      if (waited !== "settled") trace?.({ kind: "waited", until: waited });
      if (waited === "cancelled") return none("cancelled");
      if (waited === "departed") {
        flight.abort();
        if (joined !== undefined) continue;
        return none("cancelled");
      }
      if (flight.draft.error !== undefined) return failure(flight.draft.error, trigger);
      if (waited === "deadline") return soFar(question, flight.draft, source);
      if (joined !== undefined && isUsedUp(flight.draft, place)) continue;
      return shown(question, flight.draft, source);
    }
  }

  function takeOff(question: Question<Curve>): Flight {
    const flight = startFlight(dependencies, {
      ...question,
      priority: "typing",
      onFinished: remember(question),
      onCharged,
    });
    schedule.start(question.place.uri, flight);
    return flight;
  }

  function tracePrompt(
    { loaded: { family, prompter }, request }: Question<Curve>,
    prepared: PreparedPrompt,
    used: boolean,
  ): void {
    request.trace?.({ kind: "prompt", prepared, family, used, speed: { ...prompter.speed } });
  }

  function remember(question: Question<Curve>): (draft: Draft) => void {
    return (draft) => {
      if (question.settings.cache) cache.add(draft);
    };
  }

  /** The answer when time is up; where it is empty, listeners learn when there is more to say. */
  function soFar(
    question: Question<Curve>,
    draft: Draft,
    source: Suggestion["source"],
  ): CompletionResult {
    const result = answer(dependencies, question, draft, source, true);
    // Its trace ends with this answer.
    const silent = { ...question, request: withoutTrace(question.request) };
    if (result.kind === "none" && question.settings.cache) {
      draft.onProgress(() => {
        if (!draft.settled || draft.abandoned || draft.error !== undefined) return;
        if (answer(dependencies, silent, draft, source, false).kind !== "suggestion") return;
        tellLate(question.request);
      });
    }
    return result;
  }

  /** The answer of a finished draft; what follows a suggestion is computed ahead where that pays. */
  function shown(
    question: Question<Curve>,
    draft: Draft,
    source: Suggestion["source"],
  ): CompletionResult {
    const result = answer(dependencies, question, draft, source, false);
    const { selected, explained } = question.request;
    if (result.kind === "suggestion" && selected === undefined && !explained) {
      speculator.follow(question, result.suggestion.text, remember(question));
    }
    return result;
  }

  function notReady(request: CompletionRequest): CompletionResult {
    const { trigger } = request;
    const { state } = engine;
    const why = state.kind === "failed" || state.kind === "restarting" ? state.error : undefined;
    request.trace?.({ kind: "notReady", state: state.kind, error: why });
    if (trigger === "invoked") engine.start("explicit");
    else if (state.kind === "stopped" || state.kind === "unloaded") engine.start("background");
    if (trigger === "automatic") {
      if (!request.explained) early = request;
      return none("notReady");
    }
    return { kind: "failed", error: why ?? new CodedError("MODEL_UNAVAILABLE") };
  }

  return {
    complete,
    onGenerated(listener) {
      generatedListeners.add(listener);
      return () => generatedListeners.delete(listener);
    },
    onCompleted(listener) {
      completedListeners.add(listener);
      return () => completedListeners.delete(listener);
    },
    onLate(listener) {
      lateListeners.add(listener);
      return () => lateListeners.delete(listener);
    },
    preview(request) {
      const loaded = engine.state.kind === "ready" ? modelOf(engine.state) : undefined;
      if (loaded === undefined) return undefined;
      const place = placeOf(request.document, request.offset);
      const prepared = loaded.prompter.preview(place, request, currentSettings());
      return { prepared, family: loaded.family };
    },
    rest(document, offset, requestId) {
      if (engine.state.kind !== "ready" || dependencies.refuse?.(document) !== undefined) return;
      const loaded = modelOf(engine.state);
      if (loaded !== undefined) warmer.rest(loaded, document, offset, requestId);
    },
    close(uri) {
      schedule.close(uri);
      cache.close(uri);
      warmer.pause();
      if (engine.state.kind === "ready") modelOf(engine.state)?.prompter.close(uri);
    },
    dispose() {
      stopWatching();
      warmer.dispose();
      schedule.abortAll();
    },
  };
}

function withoutTrace(request: CompletionRequest): CompletionRequest {
  const { document, offset, trigger, requestId, selected } = request;
  return { document, offset, trigger, requestId, ...(selected === undefined ? {} : { selected }) };
}

/** What generations depend on: when it changes, those made before are worth nothing. */
function generationKeyOf(settings: CompletionSettings): string {
  const { maxTokens, maxLines, temperature, topP, topK, repetitionPenalty, seed } = settings;
  return [maxTokens, maxLines, temperature, topP, topK, repetitionPenalty, seed].join(" ");
}

/** All that a draft says was typed meanwhile, so that what follows was never asked for. */
function isUsedUp(draft: Draft, place: Place): boolean {
  const relation = draft.relate(place);
  return (
    relation.kind === "follows" && relation.consumed > 0 && relation.consumed >= draft.text.length
  );
}

/** Failures that pass by themselves are not shown for a keystroke. */
function failure(error: CodedError, trigger: CompletionRequest["trigger"]): CompletionResult {
  if (trigger === "automatic" && error.toData().retryable) return none("notReady");
  return { kind: "failed", error };
}

function none(reason: NoSuggestionReason): CompletionResult {
  return { kind: "none", reason };
}
