import { expect, it } from "vitest";
import { createHostLogLevel } from "../../../server/host/hostLogLevel.ts";

it("logs as it was launched until a client says otherwise", () => {
  const level = createHostLogLevel({ level: "error", source: false });
  level.join();
  expect(level.current).toEqual({ level: "error", source: false });
});

it("logs as the most talkative client wants, and less when that one leaves", () => {
  const level = createHostLogLevel();
  const [quiet, loud] = [level.join(), level.join()];
  quiet.set({ level: "warn", source: false, maxMegabytes: 5 });
  expect(level.current).toEqual({ level: "warn", source: false, maxMegabytes: 5 });
  loud.set({ level: "debug", source: true });
  expect(level.current).toEqual({ level: "debug", source: true, maxMegabytes: 5 });
  quiet.set({ level: "off", source: false });
  expect(level.current).toEqual({ level: "debug", source: true });
  loud.leave();
  expect(level.current).toEqual({ level: "off", source: false });
});

it("keeps to what the last client wanted when all have left", () => {
  const level = createHostLogLevel();
  const client = level.join();
  client.set({ level: "debug", source: false });
  client.leave();
  expect(level.current.level).toBe("debug");
});
