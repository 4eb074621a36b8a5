import { createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ErrorCode } from "../../../../server/protocol/errors.ts";
import { always, freePort, healthy } from "../../../support/remoteEngine.ts";
import { engine, probe, proxy } from "./probing.ts";

/** Accepts connections, and does this with each. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the way to a remote engine", () => {
  it("is gone stage by stage, each with its time, to the models that it serves", async () => {
    const { url, requests } = await engine();
    const seen = await probe({ url });
    expect(seen.fault).toBeUndefined();
    expect(seen.warnings).toEqual([]);
    expect(seen.models).toEqual(["some-coder"]);
    expect(seen.stages.map(({ name }) => name)).toEqual(["DNS", "TCP", "health", "models"]);
    expect(seen.stages.every(({ ms }) => ms >= 0)).toBe(true);
    expect(requests.map(({ line }) => line)).toEqual(["GET /health", "GET /v1/models"]);
  });

  it("asks at the same places when the address ends in /v1", async () => {
    const { url, requests } = await engine();
    await probe({ url: `${url}/v1/` });
    expect(requests.map(({ line }) => line)).toEqual(["GET /health", "GET /v1/models"]);
  });

  it("needs no /health", async () => {
    const { url } = await engine((request, response) => {
      if (request.url === "/health") response.writeHead(404).end();
      else healthy(request, response);
    });
    expect((await probe({ url })).fault).toBeUndefined();
  });

  it.each<[number, ErrorCode]>([
    [400, "ENDPOINT_REFUSED"],
    [401, "ENDPOINT_AUTH"],
    [403, "ENDPOINT_AUTH"],
    [404, "ENDPOINT_NOT_FOUND"],
    [408, "TIMEOUT_ERROR"],
    [410, "ENDPOINT_NOT_FOUND"],
    [422, "ENDPOINT_REFUSED"],
    [429, "ENDPOINT_BUSY"],
    [500, "ENDPOINT_FAILED"],
    [503, "ENDPOINT_BUSY"],
    [504, "TIMEOUT_ERROR"],
  ])("ends where status %i is answered, with %s", async (status, code) => {
    const { url } = await engine(always(status));
    const { fault } = await probe({ url });
    expect(fault?.code).toBe(code);
    expect(fault?.message).toContain(String(status));
  });

  it("ends where nothing listens", async () => {
    const { fault } = await probe({ url: `http://127.0.0.1:${await freePort()}` });
    expect(fault).toMatchObject({ code: "ENDPOINT_UNREACHABLE" });
    expect(fault?.message).toContain("ECONNREFUSED");
  });

  it("ends at a name that nobody knows", async () => {
    const { fault, stages } = await probe(
      { url: "http://no-such-name.invalid:80" },
      { stageMs: 8000 },
    );
    expect(fault?.code).toBe("ENDPOINT_DNS");
    expect(stages).toEqual([]);
  }, 20_000);

  it.each<[string, (socket: Socket) => void, ErrorCode]>([
    ["never answers", () => undefined, "TIMEOUT_ERROR"],
    ["speaks no HTTP", (socket) => socket.end("SSH-2.0-server\r\n"), "ENDPOINT_REFUSED"],
    ["hangs up", (socket) => socket.destroy(), "ENDPOINT_FAILED"],
    [
      "answers without an end",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{");
      },
      "TIMEOUT_ERROR",
    ],
  ])("ends at a server that %s", async (_, behave, code) => {
    const address = await rawServer(behave);
    expect((await probe({ url: `http://${address}` })).fault?.code).toBe(code);
  });

  it("reads no more of an answer than a list of models can be", async () => {
    const address = await rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const piece = Buffer.alloc(64 * 1024, "x");
      const pour = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", pour);
      pour();
    });
    const { fault } = await probe({ url: `http://${address}` }, { stageMs: 5000 });
    expect(fault).toMatchObject({ code: "ENDPOINT_NOT_FOUND" });
  });

  it("takes a page that is no list of models for another kind of server", async () => {
    const { url } = await engine((_, response) => response.end("<html>"));
    expect((await probe({ url })).fault?.code).toBe("ENDPOINT_NOT_FOUND");
  });

  it("does not follow a redirect, and shows where it leads without what may be secret", async () => {
    const other = await engine();
    const { url } = await engine(always(302, { location: `${other.url}/v1?token=secret` }));
    const { fault } = await probe({ url, keyVariable: "KEY" }, { environment: { KEY: "abc" } });
    expect(fault?.code).toBe("ENDPOINT_NOT_FOUND");
    expect(fault?.message).toContain(other.url);
    expect(fault?.message).not.toContain("secret");
    expect(other.requests).toEqual([]);
  });

  it.each([
    [-90, "90 s behind"],
    [90, "90 s ahead"],
  ])("warns of a clock that is %i s off", async (offset, expected) => {
    const now = Date.now();
    const { url } = await engine((request, response) => {
      response.setHeader("date", new Date(now + offset * 1000).toUTCString());
      healthy(request, response);
    });
    const seen = await probe({ url }, { now: () => new Date(Math.floor(now / 1000) * 1000) });
    expect(seen.warnings).toMatchObject([{ code: "CLOCK_SKEW" }]);
    expect(seen.warnings[0]?.message).toContain(expected);
  });
});

describe("the key of a remote engine", () => {
  it("is sent to this machine", async () => {
    const { url, requests } = await engine();
    await probe({ url, keyVariable: "KEY" }, { environment: { KEY: "abc" } });
    expect(requests.map(({ authorization }) => authorization)).toEqual([
      "Bearer abc",
      "Bearer abc",
    ]);
  });

  it("is the one that the editor keeps, before the variable's", async () => {
    const { url, requests } = await engine();
    const keys = { [url]: "kept" };
    await probe({ url, keyVariable: "KEY" }, { environment: { KEY: "abc" }, keys });
    await probe({ url }, { keys });
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
      new Set(["Bearer kept"]),
    );
  });

  it("is missed when its variable is not set", async () => {
    const { url } = await engine();
    const { warnings, fault } = await probe({ url, keyVariable: "KEY" });
    expect(fault).toBeUndefined();
    expect(warnings[0]?.message).toContain("KEY");
  });

  it("never goes where others can read it: by http to another machine", async () => {
    const through = await proxy(500);
    const environment = { KEY: "abc", http_proxy: through.url };
    const seen = await probe(
      { url: "http://elsewhere.test/", keyVariable: "KEY" },
      { environment },
    );
    expect(seen.warnings[0]?.message).toContain("not sent");
    expect(through.requests).toMatchObject([{ line: "GET http://elsewhere.test:80/health" }]);
    expect(through.requests[0]?.authorization).toBeUndefined();
  });

  it("with a line break in it sends nothing", async () => {
    const { url, requests } = await engine();
    const environment = { KEY: "abc\r\nx-evil: 1" };
    const { fault } = await probe({ url, keyVariable: "KEY" }, { environment });
    expect(fault?.code).toBe("ENDPOINT_AUTH");
    expect(fault?.message).not.toContain("abc");
    expect(requests).toEqual([]);
  });
});
