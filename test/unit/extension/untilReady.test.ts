import { describe, expect, it } from "vitest";
import { createListeners } from "../../../extension/listeners.ts";
import type { ServerState } from "../../../extension/supervise.ts";
import { createUntilReady } from "../../../extension/untilReady.ts";
import type { Status } from "../../../server/protocol/editor.ts";
import { createFakeClock } from "./fakeClock.ts";

const said = (state: Status["state"]): Status => ({
  state,
  message: "as it is",
  actions: [],
  settingProblems: [],
  ...(state === "error" ? { code: "MODEL_INVALID" as const } : {}),
});

function set() {
  const clock = createFakeClock();
  const states = createListeners<ServerState>();
  const statuses = createListeners<Status | undefined>();
  const supervisor = {
    state: { kind: "running" } as ServerState,
    onState: (listener: (state: ServerState) => void) => states.add(listener),
  };
  const status = {
    current: undefined as Status | undefined,
    onChange: (listener: (status: Status | undefined) => void) => statuses.add(listener),
  };
  const untilReady = createUntilReady({ supervisor, status, clock, patienceMs: 1000 });
  return {
    clock,
    untilReady,
    server: (state: ServerState) => {
      supervisor.state = state;
      states.fire(state);
    },
    says: (state: Status["state"]) => {
      status.current = said(state);
      statuses.fire(status.current);
    },
  };
}

describe("waiting until the service is ready", () => {
  it.each(["ok", "busy", "off"] as const)("ends with the state %s", async (state) => {
    const { untilReady, says } = set();
    says("starting");
    const ready = untilReady();
    says(state);
    await expect(ready).resolves.toBeUndefined();
  });

  it("does not take the last word of a server that is gone for an answer", async () => {
    const { untilReady, says, server, clock } = set();
    says("ok");
    server({ kind: "starting" });
    const ready = untilReady();
    clock.advance(1000);
    await expect(ready).rejects.toMatchObject({ code: "TIMEOUT_ERROR" });
  });

  it("fails with the code of the server", async () => {
    const { untilReady, says } = set();
    const ready = untilReady();
    says("error");
    await expect(ready).rejects.toMatchObject({ code: "MODEL_INVALID", message: "as it is" });
  });

  it("fails when the server does not start any more", async () => {
    const { untilReady, server } = set();
    const ready = untilReady();
    server({ kind: "failed", reason: "It ended unexpectedly." });
    await expect(ready).rejects.toMatchObject({ code: "SERVER_CRASH_LOOP" });
  });
});
