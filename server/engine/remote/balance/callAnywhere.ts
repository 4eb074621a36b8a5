import { CodedError } from "../../../protocol/errors.ts";
import type { PromptPart, Usage } from "../../../protocol/host.ts";
import type { ChatEngine, Engine, EngineOutcome } from "../../engine.ts";
import { costOf } from "./costOf.ts";
import { faultOf } from "./faultOf.ts";
import type { Member } from "./member.ts";
import type { Routing } from "./routing.ts";

/** A question that is asked as a whole: again from its beginning where a server fails. */
export interface Call<Value> {
  readonly affinity: string;
  readonly prompt?: readonly PromptPart[];
  readonly signal: AbortSignal;
  readonly ask: (engine: Engine & ChatEngine, signal: AbortSignal) => Promise<EngineOutcome<Value>>;
  /** What an answer cost, where it tells. */
  readonly cost?: (value: Value) => Usage;
}

/** Asks one endpoint, and when that fails the next. */
export async function callAnywhere<Value>(
  routing: Routing,
  call: Call<Value>,
): Promise<EngineOutcome<Value>> {
  const { affinity, prompt, signal } = call;
  const choice = routing.choose(affinity, prompt);
  let last: CodedError | undefined;
  for (;;) {
    if (signal.aborted) return { kind: "cancelled" };
    const member = choice.next();
    const fallback = member === undefined ? choice.fallback() : undefined;
    if (member === undefined) {
      if (fallback !== undefined) return call.ask(fallback, signal);
      return { kind: "failed", error: choice.failure(last) };
    }
    const outcome = await askOne(routing, member, call);
    if (outcome.kind !== "failed" || faultOf(outcome.error) === "request") return outcome;
    last = outcome.error;
  }
}

/** Asks a member, until it answers or is found to be gone. */
function askOne<Value>(
  routing: Routing,
  member: Member,
  { signal, ask, cost }: Call<Value>,
): Promise<EngineOutcome<Value>> {
  const controller = new AbortController();
  const endCount = member.begin();
  return new Promise((resolve) => {
    let over = false;
    const abort = (): void => controller.abort();
    const finish = (outcome: EngineOutcome<Value>): void => {
      if (over) return;
      over = true;
      stopWatching();
      signal.removeEventListener("abort", abort);
      endCount(outcome);
      resolve(outcome);
    };
    const stopWatching = routing.onGone((gone, error) => {
      if (gone !== member) return;
      finish({ kind: "failed", error });
      abort();
    });
    signal.addEventListener("abort", abort, { once: true });
    const settled = (outcome: EngineOutcome<Value>): void => {
      const usage = costOf(outcome, (value) => cost?.(value));
      if (usage !== undefined) member.spent(usage);
      finish(outcome);
    };
    ask(member.remote, controller.signal).then(settled, (thrown: unknown) => {
      finish({
        kind: "failed",
        error: new CodedError("INTERNAL_ERROR", String(thrown), thrown),
      });
    });
  });
}
