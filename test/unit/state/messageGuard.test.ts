import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createFrameCheck, createMessageGuard } from "../../../server/state/messageGuard.ts";

const frame = (body: string) =>
  Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

describe("the frame check", () => {
  it("accepts messages however they are cut into pieces", () => {
    const bytes = Buffer.concat([frame('{"a":1}'), frame(""), frame('{"b":"é"}')]);
    for (const size of [1, 2, 7, bytes.length]) {
      const check = createFrameCheck(100);
      for (let at = 0; at < bytes.length; at += size) {
        expect(check(bytes.subarray(at, at + size))).toBeUndefined();
      }
    }
  });

  it("accepts a body that looks like a header", () => {
    expect(createFrameCheck(100)(frame("Content-Length: 999999\r\n\r\n"))).toBeUndefined();
  });

  it.each([
    ["an announced length past the limit", "Content-Length: 101\r\n\r\n"],
    ["a length that is no number", "Content-Length: many\r\n\r\n"],
    ["a header without a length", "Content-Type: x\r\n\r\n"],
    ["two lengths", "Content-Length: 1\r\nContent-Length: 1\r\n\r\n"],
    ["a request of another protocol", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["bytes that are no text", "\u0000\u0001\u0002"],
    ["a header without an end", "Content-Length: 1".padEnd(2000, " ")],
  ])("refuses %s", (_, text) => {
    expect(createFrameCheck(100)(Buffer.from(text, "latin1"))).toBeTypeOf("string");
  });
});

describe("the message guard", () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  async function pair(): Promise<{ client: Socket; server: Socket }> {
    const folder = mkdtempSync(join(tmpdir(), "guard-"));
    const path = join(folder, "s");
    const listener = createServer();
    listener.listen(path);
    await once(listener, "listening");
    const client = connect(path);
    client.on("error", () => undefined);
    const [server] = (await once(listener, "connection")) as [Socket];
    cleanups.push(() => {
      client.destroy();
      server.destroy();
      listener.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return { client, server };
  }

  it("passes messages on unchanged", async () => {
    const { client, server } = await pair();
    const guard = createMessageGuard(server);
    client.write(frame('{"a":1}'));
    const [chunk] = (await once(guard, "data")) as [Buffer];
    expect(chunk).toEqual(frame('{"a":1}'));
  });

  it("cuts off a peer that announces too much, and passes nothing of it on", async () => {
    const { client, server } = await pair();
    const violations: string[] = [];
    const guard = createMessageGuard(server, { onViolation: (reason) => violations.push(reason) });
    const received: unknown[] = [];
    guard.on("data", (chunk) => received.push(chunk));
    client.write(`Content-Length: ${64 * 1024 * 1024}\r\n\r\n{`);
    client.resume();
    await once(client, "close");
    expect(violations).toEqual([`a message of ${64 * 1024 * 1024} bytes`]);
    expect(received).toEqual([]);
  });
});
