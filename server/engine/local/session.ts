import { CodedError } from "../../protocol/errors.ts";
import { retireRequest, type HostState } from "../../protocol/host.ts";
import { z } from "zod";
import type { EngineOutcome } from "../engine.ts";
import type { Clock } from "../clock.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { ObtainedHost } from "./obtainHost.ts";
import { watchHost } from "./watchdog.ts";

/** One host in use: its connection, watched for silence, and how it is left. */
export interface Session {
  readonly connection: HostConnection;
  readonly pid: number;
  /** Runs a call on it; leaving the session waits for those. */
  use<Value>(
    call: (connection: HostConnection) => Promise<EngineOutcome<Value>>,
  ): Promise<EngineOutcome<Value>>;
  /** Lets what runs finish, then disconnects; `retire` asks the host to exit if nobody is left. */
  leave(how: "retire" | "disconnect"): void;
  /** Disconnects now: what runs settles with the reason. */
  close(reason: CodedError): void;
}

export interface SessionEvents {
  onState(session: Session, state: HostState): void;
  /** The connection ended and neither `leave` nor `close` was the cause. */
  onLost(session: Session, reason: CodedError): void;
}

/** Takes over an obtained host. Call `begin` once the session is stored: it reports what is known. */
export function createSession(host: ObtainedHost, clock: Clock, events: SessionEvents) {
  const { connection, hello } = host;
  let active = 0;
  let loading = true;
  let leaving: "retire" | "disconnect" | undefined;
  let closed = false;

  async function finish(how: "retire" | "disconnect"): Promise<void> {
    if (how === "retire") await connection.call(retireRequest, undefined, z.null());
    close(new CodedError("MODEL_UNAVAILABLE"));
  }

  function close(reason: CodedError): void {
    closed = true;
    connection.end(reason);
  }

  const session: Session = {
    connection,
    pid: hello.pid,
    async use(call) {
      active += 1;
      const outcome = await call(connection);
      active -= 1;
      if (active === 0 && leaving !== undefined) void finish(leaving);
      return outcome;
    },
    leave(how) {
      if (leaving !== undefined || closed) return;
      leaving = how;
      if (active === 0) void finish(how);
    },
    close,
  };

  function begin(): void {
    watchHost(connection, { clock, expecting: () => loading });
    const onState = (state: HostState): void => {
      loading = state.kind === "loading";
      if (!closed && leaving === undefined) events.onState(session, state);
    };
    onState(hello.state);
    connection.onState(onState);
    connection.onEnd((reason) => {
      if (!closed && leaving === undefined) events.onLost(session, reason);
    });
  }
  return { session, begin };
}
