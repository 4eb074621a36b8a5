import { failureFields } from "../../../logs/failureFields.ts";
import { CodedError } from "../../../protocol/errors.ts";
import type { EndpointStatus } from "../../../protocol/endpoints.ts";
import type { ChatEngine, Engine, EngineState } from "../../engine.ts";
import type { RemoteEngine } from "../types.ts";
import type { BalancedEngineOptions } from "./balancedEngine.ts";
import { createChoice } from "./choose.ts";
import { createHealthChecks } from "./healthChecks.ts";
import { createHedgeBudget } from "./hedgeBudget.ts";
import { createLatencyWindow } from "./latencyWindow.ts";
import type { Member } from "./member.ts";
import { createMembers, type Members } from "./members.ts";
import type { Routing } from "./routing.ts";
import { downError, keyOf, standingOf } from "./standing.ts";
import { statusOf } from "./statusOf.ts";
import { timeLimitMs } from "./timeLimit.ts";

/** The endpoints, their state as one, and the way of requests to them. */
export interface Group extends Routing, Pick<Engine, "onState" | "start" | "restart" | "dispose"> {
  readonly members: Pick<Members, "up">;
  readonly state: EngineState;
  readonly fallback: (Engine & ChatEngine) | undefined;
  status(): readonly EndpointStatus[];
  onStatus(listener: () => void): () => void;
  setMembers(remotes: readonly RemoteEngine[]): void;
  setFallback(fallback: (Engine & ChatEngine) | undefined): void;
}

const keptTimes = 512;
/** Endpoints that have not answered until then are trouble, though they may yet. */
const patienceMs = 5000;

export function createGroup(options: BalancedEngineOptions): Group {
  const { clock, random, log, timeoutMs } = options;
  const times = createLatencyWindow(keptTimes);
  const stateListeners = new Set<(state: EngineState) => void>();
  const statusListeners = new Set<() => void>();
  const goneListeners = new Set<(member: Member, error: CodedError) => void>();
  const suspected = new Set<Member>();
  const logged = new WeakMap<Member, EndpointStatus["state"]>();
  const subscriptions = new Map<Member, () => void>();
  let fallback = options.fallback;
  let stopFallback = (): void => undefined;
  let started = false;
  let disposed = false;
  let early = true;
  let cancelPatience = (): void => undefined;
  let askedAt = clock.now();
  let state: EngineState = { kind: "stopped" };

  const members = createMembers({ clock, random, onChange: changed, onIdle: release });
  const checks = createHealthChecks({
    ...{ clock, random, onChange: changed },
    askedAt: () => askedAt,
    isMember: (member) => !disposed && members.all.includes(member),
  });

  function changed(member: Member): void {
    if (disposed) return;
    refresh();
    record(member);
    checks.plan(member);
  }

  function record(member: Member): void {
    const { state: now } = member;
    if (logged.get(member) === now) return;
    logged.set(member, now);
    if (now === "up") log.info("endpoint is up", fieldsOf(member));
    else log.warn("endpoint is not up", fieldsOf(member));
  }

  /** Looks at all of them again, and tells of what is different. */
  function refresh(): void {
    if (disposed) return;
    for (const member of members.compareModels()) {
      record(member);
      checks.plan(member);
    }
    const { all, up } = members;
    const isEarly = early && (all.length === 0 || all.some((one) => one.state === "probing"));
    const isDown = started && up.length === 0 && !isEarly;
    if (isDown && fallback?.state.kind === "stopped") fallback.start("background");
    become(started ? standingOf({ all, up, fallback, isEarly }) : { kind: "stopped" });
    for (const listener of [...statusListeners]) listener();
  }

  function become(next: EngineState): void {
    const isOther = keyOf(next) !== keyOf(state);
    state = next;
    if (isOther) for (const listener of [...stateListeners]) listener(next);
  }

  function begin(member: Member, reason: "background" | "explicit"): void {
    member.remote.start(reason);
    if (reason === "background" || member.remote.state.kind !== "ready") return;
    if (member.state !== "up") void checks.check(member);
  }

  function start(reason: "background" | "explicit"): void {
    if (disposed) return;
    if (!started) {
      started = true;
      bePatient();
    }
    for (const member of members.all) begin(member, reason);
    if (state.kind === "unloaded" || (reason === "explicit" && state.kind === "failed")) {
      if (members.up.length === 0) fallback?.start(reason);
    }
    refresh();
  }

  /** Endpoints that are new are given time to answer. */
  function bePatient(): void {
    early = true;
    cancelPatience();
    cancelPatience = clock.after(patienceMs, () => {
      early = false;
      refresh();
    });
  }

  /** One that is not wanted any more goes when nothing is asked of it. */
  function release(member: Member): void {
    if (!members.all.includes(member)) member.remote.dispose();
  }

  function setMembers(remotes: readonly RemoteEngine[]): void {
    const { added, removed } = members.set(remotes);
    for (const member of removed) {
      subscriptions.get(member)?.();
      subscriptions.delete(member);
      checks.forget(member);
      if (member.inFlight === 0) release(member);
    }
    for (const member of added) {
      const listen = (): void => {
        member.changedAt = clock.now();
        // It came back by itself: what was held against it is over.
        if (member.remote.state.kind === "ready" && member.state !== "up") {
          member.fault = undefined;
          if (member.breaker.error?.code !== "ENDPOINT_BUSY") member.breaker.close();
        }
        changed(member);
      };
      subscriptions.set(member, member.remote.onState(listen));
      if (started) member.remote.start("background");
      checks.plan(member);
    }
    if (started && added.length > 0 && members.up.length === 0) bePatient();
    refresh();
  }

  function setFallback(next: (Engine & ChatEngine) | undefined): void {
    stopFallback();
    fallback = next;
    stopFallback = next?.onState(refresh) ?? (() => undefined);
    refresh();
  }

  async function suspect(member: Member): Promise<void> {
    if (suspected.has(member) || disposed) return;
    suspected.add(member);
    const since = clock.now();
    const outcome = await checks.check(member, timeLimitMs(times, timeoutMs()));
    suspected.delete(member);
    if (outcome.kind !== "failed" || member.heardAt > since) return;
    for (const listener of [...goneListeners]) listener(member, outcome.error);
  }

  setMembers(options.members);
  setFallback(options.fallback);
  return {
    clock,
    members,
    budget: createHedgeBudget(),
    limitMs: () => timeLimitMs(times, timeoutMs()),
    mostMs: timeoutMs,
    choose(affinity, prompt) {
      askedAt = clock.now();
      if (!started) start("background");
      const down = () => (members.up.length > 0 ? undefined : downError(members.all));
      const local = () => (members.up.length === 0 ? fallback : undefined);
      return createChoice({ members, local, affinity, prompt, down });
    },
    tookFirst(member, ms) {
      member.firstTokens.add(ms);
      times.add(ms);
    },
    wasSlow(member) {
      // Where many are late it is not for one of them to go.
      if (members.up.length * 2 <= members.all.length) return;
      const detail = "It was slower than others, several times in a row.";
      member.note({ kind: "failed", error: new CodedError("TIMEOUT_ERROR", detail) });
    },
    suspect: (member) => void suspect(member),
    onGone(listener) {
      goneListeners.add(listener);
      return () => goneListeners.delete(listener);
    },
    get state() {
      return state;
    },
    get fallback() {
      return fallback;
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onStatus(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    status: () => members.all.map(statusOf),
    start,
    async restart() {
      started = true;
      bePatient();
      await Promise.all(members.all.map((member) => member.remote.restart()));
      for (const member of members.all) {
        member.fault = undefined;
        member.breaker.close();
      }
      refresh();
    },
    setMembers,
    setFallback,
    dispose() {
      if (disposed) return;
      disposed = true;
      cancelPatience();
      stopFallback();
      checks.dispose();
      for (const end of subscriptions.values()) end();
      for (const member of members.all) member.remote.dispose();
      state = { kind: "stopped" };
      for (const listener of [...stateListeners]) listener(state);
      stateListeners.clear();
      statusListeners.clear();
    },
  };
}

/** For the log: no address, which may hold a password. */
function fieldsOf(member: Member) {
  const { remote, state, error } = member;
  const fields = error === undefined ? {} : failureFields(error);
  return { endpoint: remote.endpoint.name, state, ...fields };
}
