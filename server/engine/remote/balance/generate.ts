import { CodedError } from "../../../protocol/errors.ts";
import { noUsage, type GenerateResult, type Usage } from "../../../protocol/host.ts";
import type { Engine, EngineOutcome, GenerateRequest } from "../../engine.ts";
import { startAttempt, type Attempt } from "./attempt.ts";
import { faultOf } from "./faultOf.ts";
import type { Member } from "./member.ts";
import { affinityOf } from "./members.ts";
import { asWhole, createProgress } from "./progress.ts";
import type { Routing } from "./routing.ts";

type Outcome = EngineOutcome<GenerateResult>;

/**
 * Generates at one endpoint, at another when that one fails, and at two when it is late: who gives
 * the next token goes on, the other is cancelled, and what it did in vain is `hedgedTokens`. What
 * was streamed stays, and is gone on from.
 */
export function generateAnywhere(
  routing: Routing,
  request: GenerateRequest,
  onToken: Parameters<Engine["generate"]>[1],
  signal: AbortSignal,
  onLateCost?: (usage: Usage) => void,
): Promise<Outcome> {
  if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
  const { clock } = routing;
  const affinity = affinityOf(request.affinity, request.prompt);
  const progress = createProgress(request);
  const choice = routing.choose(affinity, request.prompt);
  const running = new Set<Attempt>();
  /** Tokens that others than who told the outcome spent in vain, as far as they are known. */
  let hedgedTokens = 0;
  let lastError: CodedError | undefined;
  let cancelTimer = (): void => undefined;
  let over = false;
  routing.budget.earn();

  return new Promise((resolve) => {
    /** @param earlier tokens that came from others than who told the outcome */
    function settle(outcome: Outcome, earlier = 0): void {
      if (over) return;
      over = true;
      cancelTimer();
      stopWatching();
      signal.removeEventListener("abort", cancel);
      for (const attempt of running) attempt.end({ kind: "cancelled" });
      // What is told of it later counts at its endpoint alone: nobody who types waits for a figure.
      resolve(asWhole(outcome, earlier, hedgedTokens));
    }

    function cancel(): void {
      cancelTimer();
      const [first, ...others] = running;
      for (const other of others) other.end({ kind: "cancelled" });
      first?.cancel();
    }

    /** Asks the next one; false where there is none. */
    function begin(member: Member | undefined, engine: Pick<Engine, "generate">): void {
      const rest = progress.rest();
      if (rest === undefined) {
        settle({ kind: "done", value: cutShort }, progress.tokens);
        return;
      }
      const attempt = startAttempt({
        ...{ clock, member, engine, request: rest, onLateCost, onEnd },
        onLost: (tokens) => (hedgedTokens += tokens),
        earlier: progress.tokens,
        onFirst: (ms) => member !== undefined && routing.tookFirst(member, ms),
        onToken(from, token) {
          for (const other of running) if (other !== from) lose(other);
          progress.add(token);
          watch();
          onToken(token);
        },
      });
      running.add(attempt);
    }

    /** It said nothing while another, asked later, did. */
    function lose(attempt: Attempt): void {
      attempt.end({ kind: "cancelled" });
      if (attempt.member !== undefined) routing.wasSlow(attempt.member);
    }

    function onEnd(attempt: Attempt, outcome: Outcome): void {
      running.delete(attempt);
      if (over) return;
      if (signal.aborted) {
        if (running.size > 0) return;
        settle(outcome.kind === "cancelled" ? outcome : { kind: "cancelled" }, attempt.earlier);
      } else if (outcome.kind === "done") {
        settle(outcome, attempt.earlier);
      } else if (outcome.kind === "failed") {
        lastError = outcome.error;
        if (faultOf(outcome.error) === "request") settle(outcome);
        else if (running.size === 0) next();
      }
    }

    /** Goes on elsewhere after a failure. */
    function next(): void {
      const member = choice.next();
      if (member !== undefined) {
        begin(member, member.remote);
        watch();
        return;
      }
      cancelTimer();
      const fallback = choice.fallback();
      if (fallback !== undefined) begin(undefined, fallback);
      else settle({ kind: "failed", error: choice.failure(lastError) });
    }

    /** Looks after the next token. */
    function watch(): void {
      cancelTimer();
      if ([...running].every(({ member }) => member === undefined)) return;
      const limitMs = routing.limitMs();
      cancelTimer = clock.after(limitMs, () => {
        const late = [...running].flatMap(({ member }) => member ?? []);
        for (const member of late) routing.suspect(member);
        const left = routing.mostMs() - limitMs;
        cancelTimer = clock.after(Math.max(0, left), tooLate);
        if (late.length !== 1 || progress.rest() === undefined) return;
        const rival = routing.budget.has ? choice.another() : undefined;
        if (rival === undefined) return;
        routing.budget.take();
        begin(rival, rival.remote);
      });
    }

    function tooLate(): void {
      const seconds = Math.round(routing.mostMs() / 1000);
      const error = new CodedError("TIMEOUT_ERROR", `No token came within ${seconds} s.`);
      for (const attempt of [...running]) {
        if (attempt.member !== undefined) attempt.end({ kind: "failed", error });
      }
    }

    /** What waits at a server that is gone need not wait any longer. */
    const stopWatching = routing.onGone((member, error) => {
      for (const attempt of [...running]) {
        if (attempt.member === member) attempt.end({ kind: "failed", error });
      }
    });
    signal.addEventListener("abort", cancel, { once: true });
    next();
  });
}

/** All that was asked for had come when the server died, but for the end. */
const cutShort: GenerateResult = { finish: "length", usage: noUsage };
