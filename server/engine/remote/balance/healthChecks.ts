import { CodedError } from "../../../protocol/errors.ts";
import type { Clock } from "../../clock.ts";
import type { EngineOutcome } from "../../engine.ts";
import { faultOf } from "./faultOf.ts";
import type { Member } from "./member.ts";

/** An endpoint that answered so recently is known to be well. */
const idleMs = 20_000;
/** While nobody asks for anything. */
const quietMs = 2 * 60_000;
/** What only a setting mends may have been mended on the other side. */
const failedMs = 60_000;
const mostCheckMs = 5000;

export interface HealthChecks {
  /** Plans the next check of a member; to be called whenever it has changed. */
  plan(member: Member): void;
  /** Asks at once whether it is well, and for at most so many milliseconds. */
  check(member: Member, withinMs?: number): Promise<EngineOutcome<undefined>>;
  forget(member: Member): void;
  dispose(): void;
}

export interface HealthCheckOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** When something was last asked of any of them, by the clock. */
  readonly askedAt: () => number;
  readonly onChange: (member: Member) => void;
  /** Whether it is still one of them. */
  readonly isMember: (member: Member) => boolean;
}

/** Looks after endpoints that nothing is asked of: the idle and the ejected. */
export function createHealthChecks(options: HealthCheckOptions): HealthChecks {
  const { clock, random, askedAt, onChange, isMember } = options;
  const timers = new Map<Member, () => void>();
  const checks = new Map<Member, AbortController>();

  /** Milliseconds until it is to be looked at; undefined: it looks after itself. */
  function delayOf(member: Member): number | undefined {
    const { kind } = member.remote.state;
    if (kind === "failed" || member.fault !== undefined) return failedMs * (0.75 + random() / 2);
    if (kind !== "ready" || (member.misfit !== undefined && member.isAlive)) return undefined;
    if (member.breaker.state === "open") return member.breaker.retryInMs;
    if (member.breaker.state === "halfOpen" && !member.proven) return 0;
    const isQuiet = clock.now() - askedAt() > 5 * quietMs;
    const since = clock.now() - member.heardAt;
    return Math.max(0, (isQuiet ? quietMs : idleMs) * (0.75 + random() / 2) - since);
  }

  function plan(member: Member): void {
    timers.get(member)?.();
    timers.delete(member);
    if (!isMember(member)) return;
    const delay = delayOf(member);
    if (delay === undefined) return;
    timers.set(
      member,
      clock.after(Math.max(1, delay), () => {
        timers.delete(member);
        const { kind } = member.remote.state;
        // It is for the engine itself to find out that what it failed at has changed.
        if (kind === "failed") member.remote.start("explicit");
        if (kind === "ready") void check(member).then(() => plan(member));
        else plan(member);
      }),
    );
  }

  async function check(member: Member, withinMs = mostCheckMs): Promise<EngineOutcome<undefined>> {
    checks.get(member)?.abort();
    const controller = new AbortController();
    checks.set(member, controller);
    const outcome = await new Promise<EngineOutcome<undefined>>((resolve) => {
      const cancel = clock.after(withinMs, () => {
        resolve({ kind: "failed", error: late(withinMs) });
        controller.abort();
      });
      controller.signal.addEventListener("abort", () => {
        cancel();
        resolve({ kind: "cancelled" });
      });
      void member.remote.check(controller.signal).then((answer) => {
        cancel();
        resolve(answer);
      });
    });
    if (checks.get(member) === controller) checks.delete(member);
    learn(member, outcome);
    return outcome;
  }

  function learn(member: Member, outcome: EngineOutcome<undefined>): void {
    if (outcome.kind === "failed" && outcome.error.code === "TIMEOUT_ERROR") {
      member.breaker.failed("gone", outcome.error);
      member.proven = false;
      onChange(member);
      return;
    }
    if (outcome.kind !== "done") {
      member.note(outcome);
      return;
    }
    member.heardAt = clock.now();
    const { breaker } = member;
    const fault = breaker.error && faultOf(breaker.error);
    member.fault = undefined;
    if (breaker.state === "halfOpen") member.proven = true;
    // That it is there proves nothing where it was too busy, or failed at completing.
    if (fault === "gone" || breaker.error?.code === "TIMEOUT_ERROR") breaker.close();
    onChange(member);
  }

  return {
    plan,
    check,
    forget(member) {
      timers.get(member)?.();
      timers.delete(member);
      checks.get(member)?.abort();
      checks.delete(member);
    },
    dispose() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      for (const controller of checks.values()) controller.abort();
      checks.clear();
    },
  };
}

function late(withinMs: number): CodedError {
  const seconds = (withinMs / 1000).toFixed(1);
  return new CodedError("TIMEOUT_ERROR", `It did not answer a health check within ${seconds} s.`);
}
