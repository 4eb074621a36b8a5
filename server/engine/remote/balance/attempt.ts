import { CodedError } from "../../../protocol/errors.ts";
import type { GenerateResult, TokenNotification, Usage } from "../../../protocol/host.ts";
import type { Clock } from "../../clock.ts";
import type { Engine, EngineOutcome, GenerateRequest } from "../../engine.ts";
import type { Member } from "./member.ts";

type Token = Omit<TokenNotification, "id">;

/** One server at work on a request. */
export interface Attempt {
  /** Undefined: the local model. */
  readonly member: Member | undefined;
  /** Tokens that the request had when this one began. */
  readonly earlier: number;
  /** Its connection is closed, and it tells nothing any more but this outcome. */
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
  readonly onLateCost: ((usage: Usage) => void) | undefined;
}

/** Asks one server, and keeps count of it. */
export function startAttempt(options: AttemptOptions): Attempt {
  const { clock, member, engine, request, earlier, onToken, onEnd } = options;
  const controller = new AbortController();
  const startedAt = clock.now();
  let over = false;
  let first = true;

  function end(outcome: EngineOutcome<GenerateResult>): void {
    if (over) return;
    over = true;
    endCount?.(outcome);
    onEnd(attempt, outcome);
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
        onToken(attempt, token);
      },
      controller.signal,
      options.onLateCost,
    )
    .then(end, (thrown: unknown) => {
      // Engines do not throw; were one to, its request would hang here for ever.
      end({ kind: "failed", error: new CodedError("INTERNAL_ERROR", String(thrown), thrown) });
    });
  return attempt;
}
