import { expect, it } from "vitest";
import { createInspector } from "../../../server/state/inspector.ts";

function fakeModule(url?: string) {
  const events: string[] = [];
  let open = url;
  return {
    events,
    open(port: number, host: string) {
      events.push(`open ${host}:${port}`);
      open = "ws://127.0.0.1:1/a";
    },
    close() {
      events.push("close");
      open = undefined;
    },
    url: () => open,
  };
}

it("is open for as long as somebody holds it, on this machine only", () => {
  const module = fakeModule();
  const inspector = createInspector(module);
  const [first, second] = [{}, {}];
  expect(inspector.hold(first)).toBe("ws://127.0.0.1:1/a");
  inspector.hold(second);
  inspector.release(first);
  inspector.release(first);
  expect(module.events).toEqual(["open 127.0.0.1:0"]);
  inspector.release(second);
  expect(module.events).toEqual(["open 127.0.0.1:0", "close"]);
});

it("leaves one alone that was opened by others", () => {
  const module = fakeModule("ws://127.0.0.1:9229/b");
  const inspector = createInspector(module);
  const holder = {};
  expect(inspector.hold(holder)).toBe("ws://127.0.0.1:9229/b");
  inspector.release(holder);
  expect(module.events).toEqual([]);
});
