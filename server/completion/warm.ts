import type { CompleterDependencies } from "./dependencies.ts";
import type { LoadedModel } from "./loadedModel.ts";
import { placeOf } from "./place.ts";
import type { CompletionDocument, CompletionRequest } from "./types.ts";

/** Evaluates ahead what the next key will need, while nobody types. */
export interface Warmer<Curve> {
  /** The cursor came to rest, or a document was opened. Calls in quick succession count once. */
  rest(
    loaded: LoadedModel<Curve>,
    document: CompletionDocument,
    offset: number,
    requestId?: string,
  ): void;
  /** A request came: what is warming gives way. */
  pause(): void;
  dispose(): void;
}

/** A cursor that moves on within this time does not rest. */
const restMs = 150;

/** Creates a warmer; it does one thing at a time. */
export function createWarmer<Curve>(dependencies: CompleterDependencies<Curve>): Warmer<Curve> {
  const { engine, clock } = dependencies;
  let cancelTimer: (() => void) | undefined;
  let controller: AbortController | undefined;

  function pause(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    controller?.abort();
    controller = undefined;
  }

  async function warm(
    { prompter }: LoadedModel<Curve>,
    document: CompletionDocument,
    offset: number,
    requestId: string,
  ): Promise<void> {
    const current = new AbortController();
    controller = current;
    const settings = dependencies.settings();
    const place = placeOf(document, offset);
    const request: CompletionRequest = {
      document,
      offset,
      trigger: "automatic",
      requestId,
    };
    const prepared = prompter.prepare(place, request, settings);
    const now = await engine.warm(
      { requestId, affinity: document.uri, prompt: [...prepared.prompt], priority: "speculation" },
      current.signal,
    );
    if (now.kind !== "done") {
      if (now.kind === "failed" && now.error.code === "CONTEXT_OVERFLOW") {
        prompter.overflowed(place.uri, prepared.characters);
      }
      return;
    }
    prompter.observe(now.value, prepared.characters);
    const next = prompter.successor(place, request, settings);
    if (next === undefined) return;
    const later = await engine.warm(
      {
        requestId,
        affinity: document.uri,
        prompt: [...next.prompt.prompt],
        priority: "speculation",
      },
      current.signal,
    );
    if (later.kind !== "done") return;
    prompter.observe(later.value, next.prompt.characters);
    next.adopt();
  }

  return {
    rest(loaded, document, offset, requestId = "warm") {
      cancelTimer?.();
      cancelTimer = clock.after(restMs, () => {
        cancelTimer = undefined;
        controller?.abort();
        void warm(loaded, document, offset, requestId);
      });
    },
    pause,
    dispose: pause,
  };
}
