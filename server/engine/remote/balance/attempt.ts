import { CodedError } from "../../../protocol/errors.ts";
import type { GenerateResult, TokenNotification, Usage } from "../../../protocol/host.ts";
import type { Clock } from "../../clock.ts";
import type { Engine, EngineOutcome, GenerateRequest } from "../../engine.ts";
import { costOf } from "./costOf.ts";
import type { Member } from "./member.ts";

type Token = Omit<TokenNotification, "id">;

/** One server at work on a request. */
export interface Attempt {
  /** Undefined: the local model. */
  readonly member: Member | undefined;
  /** Tokens that the request had when this one began. */
  readonly earlier: number;
  /**
   * Its connection is closed, and it tells nothing any more but this outcome, and what it did in
   * vain.
   */
  end(outcome: EngineOutcome<GenerateResult>): void;
  /** Its connection is closed; it tells what it cost until then. */
  cancel(): void;
}

export interface AttemptOptions {
  readonly clock: Clock;
  readonly member: Member | undefined;
  readonly engine: Pick<Engine, "generate">;
  readonly request: GenerateRequest;
  readonly earlier: number;
  /** Told how long the first token took, in milliseconds. */
  readonly onFirst: (ms: number) => void;
  readonly onToken: (attempt: Attempt, token: Token) => void;
  readonly onEnd: (attempt: Attempt, outcome: EngineOutcome<GenerateResult>) => void;
  /** It was ended from outside: how many tokens that were in vain. May come after the request's end. */
  readonly onLost: (tokens: number) => void;
  readonly onLateCost: ((usage: Usage) => void) | undefined;
}

/** Asks one server, and keeps count of it. */
export function startAttempt(options: AttemptOptions): Attempt {
  const { clock, member, engine, request, earlier, onToken, onEnd } = options;
  const controller = new AbortController();
  const startedAt = clock.now();
  let over = false;
  let first = true;
  /** Tokens that the request got of it. */
  let given = 0;

  function end(outcome: EngineOutcome<GenerateResult>): void {
    if (over) return;
    over = true;
    endCount?.(outcome);
    onEnd(attempt, outcome);
  }

  /** The engine is done with it, which may be after it was ended here. */
  function settled(outcome: EngineOutcome<GenerateResult>): void {
    const usage = costOf(outcome, (value) => value.usage);
    const lost = over ? lostOf(usage, given) : 0;
    if (usage !== undefined) member?.spent(usage, lost);
    if (over) options.onLost(lost);
    else end(outcome);
  }

  const attempt: Attempt = {
    member,
    earlier,
    end(outcome) {
      end(outcome);
      controller.abort();
    },
    cancel: () => controller.abort(),
  };
  const endCount = member?.begin();
  engine
    .generate(
      request,
      (token) => {
        if (over) return;
        if (member !== undefined) member.heardAt = clock.now();
        if (first) options.onFirst(clock.now() - startedAt);
        first = false;
        given += 1;
        onToken(attempt, token);
      },
      controller.signal,
      options.onLateCost,
    )
    .then(settled, (thrown: unknown) => {
      // Engines do not throw; were one to, its request would hang here for ever.
      settled({ kind: "failed", error: new CodedError("INTERNAL_ERROR", String(thrown), thrown) });
    });
  return attempt;
}

/** What it cost but for the tokens that the request got of it. */
function lostOf(usage: Usage | undefined, given: number): number {
  if (usage === undefined) return 0;
  return usage.evaluatedTokens + Math.max(0, usage.generatedTokens - given);
}
