import { describe, expect, it } from "vitest";
import { createDebugMode } from "../../../extension/debugMode.ts";
import { createListeners } from "../../../extension/listeners.ts";
import type { ServerState } from "../../../extension/supervise.ts";

function setUp() {
  const states = createListeners<ServerState>();
  const asked: unknown[] = [];
  const changes: boolean[] = [];
  const results: unknown[] = [];
  const errors: unknown[] = [];
  const run = {
    request: (_method: string, params: unknown) => {
      asked.push(params);
      return Promise.resolve({ on: true, level: "debug", inspectors: [] });
    },
  };
  let running: typeof run | undefined = run;
  const mode = createDebugMode({
    supervisor: {
      get running() {
        return running;
      },
      onState: (listener) => states.add(listener),
    },
    onChange: (on) => changes.push(on),
    onResult: (result) => results.push(result),
    onError: (error) => errors.push(error),
  });
  return {
    ...{ mode, asked, changes, results, errors },
    become: (state: ServerState) => {
      running = state.kind === "running" ? run : undefined;
      states.fire(state);
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("debug mode", () => {
  it("begins again with a server that was started anew, and ends for good", async () => {
    const { mode, asked, changes, results, become } = setUp();
    expect(await mode.begin(true)).toMatchObject({ level: "debug" });
    become({ kind: "restarting", reason: "died" });
    become({ kind: "running" });
    await settle();
    expect(asked).toEqual([
      { on: true, inspector: true },
      { on: true, inspector: true },
    ]);
    expect(results).toHaveLength(1);
    await mode.end();
    become({ kind: "running" });
    await settle();
    expect(asked.at(-1)).toEqual({ on: false, inspector: false });
    expect(asked).toHaveLength(3);
    expect(changes).toEqual([true, false]);
  });

  it("waits for a server where none runs", async () => {
    const { mode, asked, become } = setUp();
    become({ kind: "stopped" });
    expect(await mode.begin(false)).toBeUndefined();
    expect(mode.on).toBe(true);
    become({ kind: "running" });
    await settle();
    expect(asked).toEqual([{ on: true, inspector: false }]);
  });
});
