import type { Usage } from "../../../protocol/host.ts";
import type { EngineOutcome } from "../../engine.ts";

/** What a request cost, where its outcome tells it. */
export function costOf<Value>(
  outcome: EngineOutcome<Value>,
  read: (value: Value) => Usage | undefined,
): Usage | undefined {
  if (outcome.kind === "done") return read(outcome.value);
  return outcome.kind === "cancelled" ? outcome.usage : undefined;
}
