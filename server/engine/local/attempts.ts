import { CodedError, toCodedError } from "../../protocol/errors.ts";
import type { HostConfig } from "../../protocol/host.ts";
import type { Clock } from "../clock.ts";
import { obtainHost, type ObtainedHost, type ObtainOptions } from "./obtainHost.ts";
import { createSession } from "./session.ts";

export interface AttemptsOptions extends Pick<
  ObtainOptions,
  "homePath" | "client" | "processes" | "clock"
> {
  /** How a new host logs. */
  readonly logging: () => ObtainOptions["logging"];
  /** There is a host; whether it has its model is for its states to tell. */
  readonly onHost: (host: ObtainedHost) => void;
  readonly onFailed: (error: CodedError) => void;
  /** Whether a host that came too late is of use: others would want it, or a later attempt. */
  readonly isOfUse: (config: HostConfig) => boolean;
}

/** Attempts to get a host, one at a time: a new one ends the one before. */
export interface Attempts {
  /** From `begin` until it is said to be over: a host is on its way, loads, or is tried later. */
  readonly underWay: boolean;
  /** Of the present attempt; aborted with it. */
  readonly signal: AbortSignal;
  /** @param replaceFailed replace a host that runs but has failed to load its model */
  begin(config: HostConfig, replaceFailed: boolean): void;
  /** Goes on with an attempt after a while. */
  later(ms: number, begin: () => void): void;
  /** Later attempts wait for this, too. */
  wait(gone: Promise<unknown>): void;
  /** The attempt led to something: nothing is under way any more. */
  done(): void;
  /** Gives the present attempt up. A host that was already started lives on for others. */
  abandon(): void;
}

export function createAttempts(options: AttemptsOptions): Attempts {
  const { homePath, client, processes, clock } = options;
  let abort = new AbortController();
  let underWay = false;
  let cancelRetry: () => void = () => undefined;
  /** Settles when the hosts that we end are gone. */
  let ending: Promise<unknown> = Promise.resolve();

  function abandon(): void {
    abort.abort();
    cancelRetry();
    underWay = false;
  }

  return {
    get underWay() {
      return underWay;
    },
    get signal() {
      return abort.signal;
    },
    begin(config, replaceFailed) {
      abandon();
      abort = new AbortController();
      underWay = true;
      const { signal } = abort;
      ending
        .then(() => {
          const logging = options.logging();
          return obtainHost({
            ...{ homePath, config, client, processes, clock, replaceFailed, signal },
            ...(logging === undefined ? {} : { logging }),
          });
        })
        .then(
          (host) => {
            if (!signal.aborted) options.onHost(host);
            else if (options.isOfUse(config)) leave(host);
            else retire(host, clock);
          },
          (thrown: unknown) => {
            if (!signal.aborted) options.onFailed(toCodedError(thrown));
          },
        );
    },
    later(ms, begin) {
      cancelRetry();
      cancelRetry = clock.after(ms, begin);
    },
    wait(gone) {
      // One that is being ended already is waited for, too.
      ending = Promise.all([ending, gone]);
    },
    done() {
      underWay = false;
    },
    abandon,
  };
}

function leave({ connection }: ObtainedHost): void {
  connection.end(new CodedError("MODEL_UNAVAILABLE"));
}

function retire(host: ObtainedHost, clock: Clock): void {
  const ignore = (): void => undefined;
  const { session, begin } = createSession(host, clock, { onState: ignore, onLost: ignore });
  begin();
  session.leave("retire");
}
