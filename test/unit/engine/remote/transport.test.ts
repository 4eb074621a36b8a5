import { expect, it, onTestFinished } from "vitest";
import { Agent } from "undici";
import { createTransport } from "../../../../server/engine/remote/transport/transport.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import { openEvents, startFakeServer } from "../../../support/remote/fakeServer.ts";
import { until } from "../../../support/until.ts";

it("hangs up on a server that has said its last word and leaves its answer open", async () => {
  const server = await startFakeServer({
    answer: (_, response) => openEvents(response)("[DONE]"),
  });
  const dispatcher = new Agent();
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server.close();
  });
  const clock = createManualClock();
  const endpoint = { url: server.url, name: "a" };
  const transport = createTransport({ endpoint, dispatcher, clock, timeoutMs: () => 1000 });
  const asked = { path: "/v1/completions", body: {}, onEvent: () => "end" as const };
  await transport.events(asked, new AbortController().signal);
  expect(server.requests[0]?.closedEarly).toBe(false);
  clock.advance(2000);
  await until(() => server.requests[0]?.closedEarly === true);
});
