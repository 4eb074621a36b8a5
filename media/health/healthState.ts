import { healthSchema, type Health } from "../../server/protocol/health.ts";
import type { Stats } from "../../server/protocol/stats.ts";
import type { Status } from "../../server/protocol/status.ts";
import {
  serverViewSchema,
  type HealthInitial,
  type ServerView,
} from "../../server/protocol/webview.ts";
import type { Failure } from "../parts/errorBanner.tsx";

/** All that the view knows. What was known once stays until something newer comes. */
export interface HealthState {
  readonly server: ServerView;
  readonly status: Status | undefined;
  readonly health: Health | undefined;
  /** Whether `health` is that of the server that runs now. */
  readonly fresh: boolean;
  /** The last question after health failed, although the server runs. */
  readonly failure: Failure | undefined;
  readonly stats: Stats | undefined;
  readonly statsFailure: Failure | undefined;
}

export function initialState({ server, status }: HealthInitial): HealthState {
  return {
    server,
    status,
    health: undefined,
    fresh: false,
    failure: undefined,
    stats: undefined,
    statsFailure: undefined,
  };
}

/** Takes in what `health` was answered with. Throws where it is neither of the two forms. */
export function withHealth(state: HealthState, answer: unknown): HealthState {
  const down = serverViewSchema.safeParse(answer);
  if (down.success) return withServer(state, down.data);
  const health = healthSchema.parse(answer);
  return {
    ...state,
    server: { serverState: "running", reason: "The language server runs." },
    status: health.status,
    health,
    fresh: true,
    failure: undefined,
  };
}

/** Takes in where the server stands: one that is gone leaves nothing behind that holds for the next. */
export function withServer(state: HealthState, server: ServerView): HealthState {
  const gone = server.serverState === "running" ? {} : { fresh: false, status: undefined };
  return { ...state, ...gone, server, failure: undefined };
}

/** Whether what is shown of the services is of now. */
export function isLive({ server, fresh, failure }: HealthState): boolean {
  return server.serverState === "running" && failure === undefined && fresh;
}
