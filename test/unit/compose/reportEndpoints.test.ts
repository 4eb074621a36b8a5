import { expect, test } from "vitest";
import { readStats } from "../../../server/compose/composeStats.ts";
import { reportEndpoints } from "../../../server/compose/reportEndpoints.ts";
import type { EndpointStatus } from "../../../server/protocol/endpoints.ts";
import { statsSchema } from "../../../server/protocol/stats.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { createManualClock } from "../../support/manualClock.ts";

const status: EndpointStatus = {
  ...{ name: "big", url: "http://engine:8080/", kind: "llama-server", state: "up" },
  ...{ inFlight: 0, requests: 3, failures: 0, limits: [] },
  tokens: { evaluated: 500, reused: 90, generated: 20, hedged: 0 },
};

function start(pid = process.pid) {
  const clock = createManualClock();
  const homePath = temporaryFolder();
  const told = { endpoints: [] as EndpointStatus[], change: (): void => undefined };
  const end = reportEndpoints({
    ...{ homePath, name: "language server", clock, pid },
    endpoints: () => told.endpoints,
    onEndpoints(listener) {
      told.change = listener;
      return () => (told.change = () => undefined);
    },
    now: () => new Date("2026-11-28T12:00:00Z"),
  });
  const read = () => statsSchema.parse(readStats(homePath).stats).remotes;
  return { clock, told, end, read };
}

test("The statistics of a home tell of the remote engines of its servers, with what was asked since", () => {
  const { clock, told, end, read } = start();
  expect(read()).toBeUndefined();
  told.endpoints = [status];
  told.change();
  told.change();
  clock.advance(0);
  const report = { pid: process.pid, name: "language server", time: "2026-11-28T12:00:00.000Z" };
  expect(read()).toEqual([{ ...report, endpoints: [status] }]);

  told.endpoints = [{ ...status, requests: 4 }];
  clock.advance(10_000);
  expect(read()).toMatchObject([{ endpoints: [{ requests: 4 }] }]);

  told.endpoints = [];
  told.change();
  clock.advance(0);
  expect(read()).toBeUndefined();

  told.endpoints = [status];
  told.change();
  clock.advance(0);
  end();
  expect(read()).toBeUndefined();
  told.change();
  clock.advance(20_000);
  expect(read()).toBeUndefined();
});

test("Nothing is told of a server that is gone", () => {
  const { clock, told, read } = start(2 ** 22 + 1);
  told.endpoints = [status];
  told.change();
  clock.advance(0);
  expect(read()).toBeUndefined();
});
