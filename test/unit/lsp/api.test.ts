import { describe, expect, it } from "vitest";
import {
  createApiService,
  type ApiServiceOptions,
  type LaunchApi,
} from "../../../server/lsp/api.ts";
import type { ApiReport } from "../../../server/protocol/api.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";
import { createManualClock } from "../../support/manualClock.ts";

function setUp(more: Partial<Settings> = {}) {
  const clock = createManualClock();
  const on = { served: false, settings: { ...defaultSettings, "http.enabled": true, ...more } };
  const problems: (string | undefined)[] = [];
  const launched: { sent: unknown[]; ended: boolean; events: Parameters<LaunchApi>[0] }[] = [];
  const log = { info: () => undefined, warn: () => undefined };
  const product = {
    clock,
    logger: { for: () => log },
    get settings() {
      return on.settings;
    },
  } as unknown as ApiServiceOptions["product"];
  const service = createApiService({
    product,
    launch(events) {
      const entry = { sent: [] as unknown[], ended: false, events };
      launched.push(entry);
      return {
        send: (input) => void entry.sent.push(input),
        end: () => void (entry.ended = true),
      };
    },
    isServed: () => on.served,
    onProblem: (problem) => void problems.push(problem?.code),
  });
  const say = (report: ApiReport): void => launched.at(-1)?.events.onLine(JSON.stringify(report));
  const die = (): void => launched.at(-1)?.events.onEnd();
  return { clock, on, problems, launched, service, say, die };
}

const portInUse = new CodedError("PORT_IN_USE", "3745.").toData();

describe("the loopback API of a language server", () => {
  it("is started where it is wanted, with settings and keys, and ended with the server", () => {
    const { service, launched } = setUp();
    service.refresh();
    expect(launched).toHaveLength(1);
    expect(launched[0]?.sent).toMatchObject([{ settings: { "http.port": 3745 } }]);
    service.setEndpointKeys({ "http://a": "k" });
    expect(launched[0]?.sent.at(-1)).toMatchObject({ endpointKeys: { "http://a": "k" } });
    service.setNetwork({ proxy: "http://proxy:1" });
    expect(launched[0]?.sent.at(-1)).toMatchObject({
      ...{ endpointKeys: { "http://a": "k" }, network: { proxy: "http://proxy:1" } },
    });
    service.dispose();
    expect(launched[0]?.ended).toBe(true);
  });

  it("is not started while the setting is off, and ends when it is turned off", () => {
    const { service, launched, on, clock } = setUp({ "http.enabled": false });
    service.refresh();
    clock.advance(60_000);
    expect(launched).toHaveLength(0);
    on.settings = { ...on.settings, "http.enabled": true };
    service.refresh();
    on.settings = { ...on.settings, "http.enabled": false };
    service.refresh();
    expect(launched.map(({ ended }) => ended)).toEqual([true]);
  });

  it("waits while another process of the home serves, and takes over when that is gone", () => {
    const { service, launched, on, clock } = setUp();
    on.served = true;
    service.refresh();
    clock.advance(20_000);
    expect(launched).toHaveLength(0);
    on.served = false;
    clock.advance(5000);
    expect(launched).toHaveLength(1);
  });

  it("who comes second looks again later", () => {
    const { service, launched, say, die, clock, problems } = setUp();
    service.refresh();
    say({ state: "held" });
    die();
    clock.advance(4999);
    expect(launched).toHaveLength(1);
    clock.advance(1);
    expect(launched).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  it("comes back after it died, later each time", () => {
    const { service, launched, die, clock } = setUp();
    service.refresh();
    for (const pause of [1000, 2000, 4000]) {
      const before = launched.length;
      die();
      clock.advance(pause - 1);
      expect(launched).toHaveLength(before);
      clock.advance(1);
      expect(launched).toHaveLength(before + 1);
    }
  });

  it("says once that its port is in use, until it is served", () => {
    const { service, say, die, clock, problems } = setUp();
    service.refresh();
    for (let time = 0; time < 3; time++) {
      say({ state: "failed", error: portInUse });
      die();
      clock.advance(60_000);
    }
    expect(problems).toEqual(["PORT_IN_USE"]);
    say({ state: "serving", address: "http://127.0.0.1:3745" });
    expect(problems).toEqual(["PORT_IN_USE", undefined]);
  });

  it("moves to another port when the setting changes", () => {
    const { service, launched, on, clock } = setUp();
    service.refresh();
    on.settings = { ...on.settings, "http.port": 4000 };
    service.refresh();
    expect(launched[0]?.ended).toBe(true);
    clock.advance(1000);
    expect(launched[1]?.sent).toMatchObject([{ settings: { "http.port": 4000 } }]);
  });
});
