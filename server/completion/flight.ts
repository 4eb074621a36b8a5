import { toCodedError, type CodedError } from "../protocol/errors.ts";
import type { GenerateParams, Priority, Usage } from "../protocol/host.ts";
import type { CompleterDependencies } from "./dependencies.ts";
import type { Purpose } from "./stop/purpose.ts";
import { createDraft, type Draft } from "./draft.ts";
import type { LoadedModel } from "./loadedModel.ts";
import type { PreparedPrompt } from "./prompt/prompter.ts";
import type { Place } from "./place.ts";
import type { CompletionRequest, CompletionSettings, Generation } from "./types.ts";

/** A generation under way. */
export interface Flight {
  readonly draft: Draft;
  /** The prompt that it was, or is, generated from. */
  readonly prepared: PreparedPrompt;
  /** Someone waits for it; the returned function says that they do no more, and why. */
  attach(): (reason: "answered" | "cancelled") => void;
  abort(): void;
  /** The engine is done with it too: its cost is known, where the engine tells it. */
  readonly landed: Promise<void>;
}

/** After a cancelled request the next key may still join: so long is a generation kept. */
const orphanMs = 250;

/** Starts generating for a place; `onFinished` is told of every draft that was not aborted. */
export function startFlight<Curve>(
  dependencies: CompleterDependencies<Curve>,
  options: {
    readonly loaded: LoadedModel<Curve>;
    readonly place: Place;
    readonly request: CompletionRequest;
    readonly settings: CompletionSettings;
    readonly purpose: Purpose;
    readonly priority: Priority;
    /** Characters before the place that are suggested but not typed yet. */
    readonly lead?: number;
    readonly onFinished: (draft: Draft) => void;
    /** Told of what it cost, also when nobody wants its text any more. */
    readonly onCharged: (generation: Generation) => void;
  },
): Flight {
  const { engine, clock, judgement, syntax } = dependencies;
  const { loaded, place, request, settings, purpose, priority } = options;
  const { prompter, family } = loaded;
  const controller = new AbortController();
  let prepared = prompter.prepare(place, request, settings);
  let aborted = false;
  let attached = 0;
  let cancelOrphan: (() => void) | undefined;

  const draft = createDraft({
    place,
    located: prepared.located,
    purpose,
    lead: options.lead ?? 0,
    stop: judgement.createStop({
      purpose,
      syntax,
      languageId: place.languageId,
      before: place.before,
      after: place.after,
      maxLines: settings.maxLines,
    }),
    onComplete() {
      options.onFinished(draft);
      controller.abort();
    },
  });

  function charge(usage: Usage | undefined): void {
    if (usage === undefined) return;
    draft.charge(usage);
    prompter.observe(usage, prepared.characters);
    const { requestId, explained } = request;
    if (explained !== true) options.onCharged({ requestId, priority, usage });
    dependencies.log.event("generated", {
      requestId,
      priority,
      keptWindow: prepared.kept,
      ...usage,
    });
  }

  async function run(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const outcome = await engine.generate(
        {
          requestId: request.requestId,
          affinity: place.uri,
          prompt: [...prepared.prompt],
          heal: prepared.heal,
          priority,
          maxTokens: settings.maxTokens,
          sampling: samplingOf(settings),
          stopTokens: [...family.stopTokens],
          stopStrings: [],
        },
        ({ text, logProbability }) => {
          try {
            draft.push({ text, logProbability });
          } catch (thrown) {
            draft.settle(toCodedError(thrown));
            controller.abort();
          }
        },
        controller.signal,
        charge,
      );
      if (outcome.kind === "failed") {
        if (retries(outcome.error, attempt)) {
          prompter.overflowed(place.uri, prepared.characters);
          prepared = prompter.prepare(place, request, settings);
          continue;
        }
        draft.settle(outcome.error);
        return;
      }
      charge(outcome.kind === "done" ? outcome.value.usage : outcome.usage);
      if (
        outcome.kind === "done" &&
        outcome.value.finish !== "cancelled" &&
        !aborted &&
        !draft.settled
      ) {
        draft.finish(outcome.value.finish === "length" ? "length" : "stop");
        options.onFinished(draft);
      } else draft.abandon();
      return;
    }
  }

  function retries(error: CodedError, attempt: number): boolean {
    return error.code === "CONTEXT_OVERFLOW" && attempt < 2 && draft.tokens.length === 0;
  }

  function abort(): void {
    cancelOrphan?.();
    if (draft.settled) return;
    aborted = true;
    draft.abandon();
    controller.abort();
  }

  const landed = run();

  return {
    draft,
    get prepared() {
      return prepared;
    },
    abort,
    landed,
    attach() {
      attached++;
      cancelOrphan?.();
      let detached = false;
      return (reason) => {
        if (detached) return;
        detached = true;
        attached--;
        if (attached > 0 || draft.settled || reason === "answered") return;
        cancelOrphan = clock.after(orphanMs, abort);
      };
    },
  };
}

function samplingOf(settings: CompletionSettings): GenerateParams["sampling"] {
  return {
    temperature: settings.temperature,
    topP: settings.topP,
    topK: settings.topK,
    repetitionPenalty: settings.repetitionPenalty,
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
  };
}
