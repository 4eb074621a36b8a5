import { CodedError } from "../../protocol/errors.ts";
import type { HostConfig, HostState } from "../../protocol/host.ts";
import type { EngineState, SwitchProgress } from "../engine.ts";
import { needsSameHost } from "./hostConfigs.ts";
import type { Session } from "./session.ts";

/** What a host that can serve says of itself. */
export type LoadedState = Extract<HostState, { kind: "ready" | "unloaded" }>;

/** A host that takes the requests, and what it was started for. */
export interface Serving {
  readonly session: Session;
  readonly config: HostConfig;
  readonly state: LoadedState;
  /** A newer version takes its place; until we have moved it serves us. */
  readonly superseded: boolean;
}

/**
 * The state of an engine that has a host.
 * @param target what is on its way beside it, if that is something else
 */
export function standingOf(
  { config, state }: Serving,
  target: HostConfig | undefined,
  switchFailure: CodedError | undefined,
): EngineState {
  const progress: SwitchProgress = {
    ...(target === undefined || needsSameHost(config, target)
      ? {}
      : { switchingTo: target.modelPath }),
    ...(switchFailure === undefined ? {} : { switchFailure }),
  };
  const { model, backend } = state;
  if (state.kind === "unloaded") {
    return { kind: "unloaded", model, backend, why: state.why, ...progress };
  }
  const shrunk = state.shrunk && { shrunk: CodedError.fromData(state.shrunk) };
  return { kind: "ready", model, backend, ...shrunk, ...progress };
}
