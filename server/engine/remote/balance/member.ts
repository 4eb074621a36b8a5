import type { EndpointStatus } from "../../../protocol/endpoints.ts";
import { CodedError } from "../../../protocol/errors.ts";
import type { ModelDescription, Usage } from "../../../protocol/host.ts";
import type { Clock } from "../../clock.ts";
import type { EngineOutcome } from "../../engine.ts";
import type { RemoteEngine } from "../types.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { faultOf } from "./faultOf.ts";
import { createLatencyWindow, type LatencyWindow } from "./latencyWindow.ts";

const keptTimes = 128;

/** One endpoint, with what is known of it. */
export interface Member {
  /** Names it among the members. */
  readonly id: string;
  readonly remote: RemoteEngine;
  readonly breaker: Breaker;
  readonly firstTokens: LatencyWindow;
  readonly counts: { inFlight: number; requests: number; failures: number };
  /** What it was made to do, as far as it is known. */
  readonly tokens: Readonly<EndpointStatus["tokens"]>;
  readonly inFlight: number;
  /** When something was last heard of it, and when its engine's state was last another one, by the clock. */
  heardAt: number;
  changedAt: number;
  /** It was well when asked after its breaker opened. */
  proven: boolean;
  /** Why a setting must change before it is used. */
  fault: CodedError | undefined;
  /** The last that it said it has. */
  model: ModelDescription | undefined;
  /** It has another model than the rest. */
  misfit: CodedError | undefined;
  /** Nothing is known to be wrong with it, whatever model it has. */
  readonly isAlive: boolean;
  /** Whether it takes a request now. */
  readonly isUsable: boolean;
  /** Whether it may be tried where nothing else is left. */
  readonly isLastResort: boolean;
  readonly state: EndpointStatus["state"];
  readonly error: CodedError | undefined;
  /** Milliseconds until it is tried again, where it is not up. */
  readonly retryInMs: number | undefined;
  /** A request goes to it; the returned function is told, once, how that ended. */
  begin(): (outcome: EngineOutcome<unknown>) => void;
  /**
   * A request cost it so much.
   * @param hedgedTokens how many of its tokens were in vain, since another one's text was taken
   */
  spent(usage: Usage, hedgedTokens?: number): void;
  /** Notes what was learned of it. */
  note(outcome: EngineOutcome<unknown>): void;
}

export interface MemberParts {
  readonly clock: Clock;
  readonly random: () => number;
  /** Something of it has changed. */
  readonly onChange: (member: Member) => void;
  /** Nothing is asked of it any more. */
  readonly onIdle: (member: Member) => void;
}

export function createMember(id: string, remote: RemoteEngine, parts: MemberParts): Member {
  const breaker = createBreaker(parts);
  const counts = { inFlight: 0, requests: 0, failures: 0 };
  const tokens = { evaluated: 0, reused: 0, generated: 0, hedged: 0 };
  const { clock, onChange } = parts;

  function note(outcome: EngineOutcome<unknown>): void {
    if (outcome.kind === "cancelled") return;
    member.heardAt = clock.now();
    const before = breaker.state;
    if (outcome.kind === "done") {
      breaker.succeeded();
      if (member.fault !== undefined) member.fault = undefined;
      else if (breaker.state === before) return;
      onChange(member);
      return;
    }
    const fault = faultOf(outcome.error);
    if (fault === "request" || fault === "lack") return;
    counts.failures += 1;
    if (fault === "setting") member.fault = outcome.error;
    else breaker.failed(fault, outcome.error);
    if (breaker.state === "open") member.proven = false;
    if (fault === "setting" || breaker.state !== before) onChange(member);
  }

  const isThere = () => remote.state.kind === "ready" && member.fault === undefined;
  const isReady = () => isThere() && member.misfit === undefined;
  /** Its breaker lets pass more than trials. */
  const isTrusted = () =>
    breaker.state === "closed" || (breaker.state === "halfOpen" && member.proven);

  const member: Member = {
    id,
    remote,
    breaker,
    firstTokens: createLatencyWindow(keptTimes),
    counts,
    tokens,
    get inFlight() {
      return counts.inFlight;
    },
    heardAt: clock.now(),
    changedAt: clock.now(),
    proven: false,
    fault: undefined,
    model: undefined,
    misfit: undefined,
    get isAlive() {
      return isThere() && isTrusted();
    },
    get isUsable() {
      if (!isReady()) return false;
      if (breaker.state === "closed") return true;
      return breaker.state === "halfOpen" && member.proven && counts.inFlight === 0;
    },
    get isLastResort() {
      return isReady() && breaker.state === "halfOpen";
    },
    get state() {
      const { kind } = remote.state;
      if (member.fault !== undefined) return "failed";
      if (kind === "stopped" || kind === "starting") return "probing";
      if (kind === "restarting") return "ejected";
      if (kind === "failed") return "failed";
      if (!isTrusted()) return "ejected";
      return member.misfit === undefined ? "up" : "failed";
    },
    get error() {
      if (member.state === "up" || member.state === "probing") return undefined;
      const { state } = remote;
      const own = state.kind === "restarting" || state.kind === "failed" ? state.error : undefined;
      return member.fault ?? own ?? (isTrusted() ? member.misfit : breaker.error);
    },
    get retryInMs() {
      if (member.state !== "ejected") return undefined;
      const { state } = remote;
      if (state.kind !== "restarting") return breaker.retryInMs;
      return Math.max(0, state.retryInMs - (clock.now() - member.changedAt));
    },
    begin() {
      counts.inFlight += 1;
      counts.requests += 1;
      return (outcome) => {
        counts.inFlight -= 1;
        note(outcome);
        if (counts.inFlight === 0) parts.onIdle(member);
      };
    },
    spent(usage, hedgedTokens = 0) {
      tokens.evaluated += usage.evaluatedTokens;
      tokens.reused += usage.reusedTokens;
      tokens.generated += usage.generatedTokens;
      tokens.hedged += hedgedTokens;
    },
    note,
  };
  return member;
}

/** That it has another model than the others, who are the more or come first. */
export function misfitOf(model: string, wanted: string): CodedError {
  return new CodedError("ENDPOINT_MODEL", `It serves ${model}, the others serve ${wanted}.`);
}
