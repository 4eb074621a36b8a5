import type { StatusInput } from "../../../extension/statusView.ts";
import type { Status } from "../../../server/protocol/editor.ts";

export const starter: NonNullable<Status["model"]> = {
  name: "starcoder-tiny",
  path: "/models/starcoder-tiny.gguf",
  starter: true,
  architecture: "starcoder2",
  parameters: 7_600_000,
  quantization: "F16",
  contextSize: 2048,
};

export function status(state: Status["state"], rest: Partial<Status> = {}): Status {
  return { state, message: `State ${state}.`, actions: [], settingProblems: [], ...rest };
}

export function input(rest: Partial<StatusInput> = {}): StatusInput {
  return {
    server: { kind: "running" },
    status: status("ok", { model: starter, backend: { requested: "auto", used: "cpu" } }),
    availability: { kind: "on" },
    languageId: "python",
    snoozeMinutes: 0,
    ...rest,
  };
}
