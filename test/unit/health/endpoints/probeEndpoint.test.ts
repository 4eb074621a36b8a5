import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  probeEndpoint,
  type ProbeOptions,
} from "../../../../server/health/endpoints/probeEndpoint.ts";
import type { ErrorCode } from "../../../../server/protocol/errors.ts";
import { createCertificate, hasOpenssl } from "../../../support/certificates.ts";
import {
  always,
  freePort,
  healthy,
  startEngine,
  startProxy,
  type RemoteEngine,
} from "../../../support/remoteEngine.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function engine(...args: Parameters<typeof startEngine>): Promise<RemoteEngine> {
  const started = await startEngine(...args);
  closers.push(() => started.close());
  return started;
}

async function proxy(refuseWith?: number): Promise<RemoteEngine> {
  const started = await startProxy(refuseWith);
  closers.push(() => started.close());
  return started;
}

/** Accepts connections, and does this with each. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function probe(
  endpoint: Parameters<typeof probeEndpoint>[0],
  { environment = {}, ...options }: Partial<ProbeOptions> = {},
) {
  return probeEndpoint(endpoint, {
    environment,
    now: () => new Date(),
    signal: new AbortController().signal,
    stageMs: 400,
    ...options,
  });
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

  it("never goes to a proxy that http to this machine leads through", async () => {
    const through = await proxy(500);
    const environment = { KEY: "abc", http_proxy: through.url };
    const seen = await probe({ url: "http://localhost:1/", keyVariable: "KEY" }, { environment });
    expect(seen.warnings[0]?.message).toContain("http_proxy");
    expect(through.requests).toMatchObject([{ line: "GET http://localhost:1/health" }]);
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

describe("a proxy on the way", () => {
  it("that refuses is named", async () => {
    const { url } = await proxy(407);
    const { fault } = await probe(
      { url: "https://elsewhere.test/" },
      { environment: { HTTPS_PROXY: url } },
    );
    expect(fault?.code).toBe("ENDPOINT_PROXY");
    expect(fault?.message).toMatch(/HTTPS_PROXY.*407/);
  });

  it("that is not there is named", async () => {
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` };
    const { fault } = await probe({ url: "https://elsewhere.test/" }, { environment });
    expect(fault?.code).toBe("ENDPOINT_PROXY");
  });

  it("whose address is none is named", async () => {
    const environment = { HTTPS_PROXY: "http=//proxy" };
    const { fault } = await probe({ url: "https://elsewhere.test/" }, { environment });
    expect(fault).toMatchObject({ code: "ENDPOINT_PROXY" });
  });

  it("is told user and password, which are not shown", async () => {
    const through = await proxy(403);
    const environment = { HTTPS_PROXY: through.url.replace("//", "//me:hidden@") };
    const seen = await probe({ url: "https://elsewhere.test/" }, { environment });
    const expected = `Basic ${Buffer.from("me:hidden").toString("base64")}`;
    expect(through.requests[0]?.forProxy).toBe(expected);
    expect(JSON.stringify(seen)).not.toContain("hidden");
  });

  it.each(["*", "localhost", ".localhost", "other, localhost"])(
    "is left out by NO_PROXY=%s",
    async (exception) => {
      const { url } = await engine();
      const environment = { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: exception };
      expect((await probe({ url }, { environment })).fault).toBeUndefined();
    },
  );
});

describe.skipIf(!hasOpenssl)("an encrypted way", () => {
  function certificate(traits: Parameters<typeof createCertificate>[0] = {}) {
    const made = createCertificate(traits);
    closers.push(made.remove);
    return made;
  }

  it.each<[string, Parameters<typeof createCertificate>[0], RegExp]>([
    ["of an unknown authority", {}, /authority that is not known here/],
    ["that has expired", { days: -1 }, /it has expired/],
  ])("ends at a certificate %s, and nothing is sent", async (_, traits, reason) => {
    const { url, requests } = await engine(healthy, certificate(traits));
    const environment = { KEY: "abc" };
    const { fault } = await probe({ url, keyVariable: "KEY" }, { environment, stageMs: 3000 });
    expect(fault?.code).toBe("ENDPOINT_TLS");
    expect(fault?.message).toMatch(reason);
    expect(requests).toEqual([]);
  });

  it("ends at a server that speaks plain HTTP", async () => {
    const { port } = await engine();
    const { fault } = await probe({ url: `https://localhost:${port}` }, { stageMs: 3000 });
    expect(fault?.code).toBe("ENDPOINT_TLS");
  });

  it("leads through a proxy to the certificate", async () => {
    const { port } = await engine(healthy, certificate());
    const through = await proxy();
    const { fault, stages } = await probe(
      { url: `https://localhost:${port}` },
      { environment: { HTTPS_PROXY: through.url }, stageMs: 3000 },
    );
    expect(through.requests[0]?.line).toBe(`CONNECT localhost:${port}`);
    expect(stages.map(({ name }) => name)).toContain("proxy");
    expect(fault?.code).toBe("ENDPOINT_TLS");
  });
});
