import { errorTable, type CodedError, type ErrorCode } from "../../protocol/errors.ts";
import type { Explain } from "../../protocol/explain.ts";
import { percent } from "./stepText.ts";
import { findLast, type TraceEvent, type Traced } from "./trace.ts";
import type { CompletionResult } from "../types.ts";

/** What a request came to, for a person. */
export interface Verdict {
  readonly summary: string;
  readonly reason: string | undefined;
  readonly error: CodedError | undefined;
  readonly actions: Explain["actions"];
}

/** Says in one sentence what a traced request came to, and what would help. */
export function verdictOf(traced: readonly Traced[], result: CompletionResult): Verdict {
  if (result.kind === "suggestion") {
    const { text, source } = result.suggestion;
    const from = source === "cache" ? ", remembered from before" : "";
    const first = text.trimStart().split(/\r?\n/, 1)[0] ?? "";
    const more = first.length < text.trim().length ? " …" : "";
    const summary = `The suggestion here is ${JSON.stringify(first + more)}${from}.`;
    return { summary, reason: undefined, error: undefined, actions: [] };
  }
  if (result.kind === "failed") return failed(result.error, undefined);
  const { reason } = result;
  const none = (summary: string, actions: Explain["actions"] = []): Verdict => ({
    summary: `No suggestion: ${summary}`,
    reason,
    error: undefined,
    actions,
  });
  switch (reason) {
    case "notReady": {
      const error = findLast(traced, "notReady")?.error;
      if (error !== undefined) return failed(error, reason);
      return none("the model is not ready yet.", ["health", "restart"]);
    }
    case "excluded":
      return none("this file is excluded, since it holds secrets or binary data.");
    case "tooLarge":
      return none("this file is too large.");
    case "off":
      return none("suggestions are off here.", ["openSettings"]);
    case "inComment":
      return none("the cursor stands in a comment, where the settings want none.", [
        "openSettings",
      ]);
    case "gated":
      return none(gatedBecause(findLast(traced, "gate")), ["openSettings"]);
    case "empty":
      return none(emptyBecause(traced), []);
    case "deadline":
      return none("the model is too slow for the deadline.", ["openSettings", "health"]);
    case "noFamily":
      return none("this model cannot fill in the middle.", ["useBundledModel", "openSettings"]);
    case "cancelled":
      return none("the request was given up.");
  }
}

function failed(error: CodedError, reason: string | undefined): Verdict {
  const summary = `No suggestion: ${error.message}`;
  return { summary, reason, error, actions: [...actionsOf(error.code)] };
}

/** The buttons of a failure that lead on from an explanation. */
function actionsOf(code: ErrorCode): Explain["actions"] {
  return errorTable[code].actions.filter((action) => action !== "explain");
}

function gatedBecause(gate: Extract<TraceEvent, { kind: "gate" }> | undefined): string {
  if (gate === undefined) return "the model is not sure enough.";
  const { probability, threshold, parses } = gate;
  return parses || probability < threshold
    ? `what the model wrote is right with a probability of ${percent(probability)}, and ${percent(threshold)} are needed.`
    : "what the model wrote would leave the code with more syntax errors.";
}

function emptyBecause(traced: readonly Traced[]): string {
  const events = traced.map(({ event }) => event);
  const dropped = events.findLast((event) => event.kind === "filter" && event.after.trim() === "");
  if (findLast(traced, "generated")?.text.trim() === "") {
    return "the model wrote nothing.";
  }
  if (dropped?.kind === "filter") {
    return `the filter ${dropped.name} dropped what the model wrote.`;
  }
  return "nothing is left of what the model wrote.";
}
