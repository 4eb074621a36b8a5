import type { Explain } from "../../protocol/explain.ts";
import type { Completer, CompletionResult } from "../types.ts";

/** Requests that are remembered, and how near to a place they count. */
const mostRemembered = 200;
const nearCharacters = 400;
const mostEarlier = 10;

type Earlier = Explain["earlier"][number];

/** What the editor asked for lately, and what came of it. */
export interface EarlierRequests {
  /** Those near a place, newest first. */
  near(uri: string, offset: number): Earlier[];
  dispose(): void;
}

/** Remembers the requests of a completer from now on. */
export function rememberRequests(
  completer: Pick<Completer, "onCompleted">,
  now: () => Date,
): EarlierRequests {
  const remembered: { uri: string; offset: number; told: Earlier }[] = [];
  const dispose = completer.onCompleted(({ request, result, totalMs }) => {
    const { document, offset, trigger, requestId } = request;
    const told = {
      time: now().toISOString(),
      requestId,
      trigger,
      outcome: outcomeOf(result),
      totalMs,
    };
    remembered.unshift({ uri: document.uri, offset, told });
    remembered.length = Math.min(remembered.length, mostRemembered);
  });
  return {
    near: (uri, offset) =>
      remembered
        .filter((one) => one.uri === uri && Math.abs(one.offset - offset) <= nearCharacters)
        .slice(0, mostEarlier)
        .map(({ told }) => told),
    dispose,
  };
}

function outcomeOf(result: CompletionResult): string {
  if (result.kind === "suggestion") return `suggestion (${result.suggestion.source})`;
  return result.kind === "none" ? result.reason : result.error.code;
}
