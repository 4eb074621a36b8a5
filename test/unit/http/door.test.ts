import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { apiErrorSchema } from "../../../server/protocol/api.ts";
import { apiKey, startTestApi, type Asked } from "../../support/apiServer.ts";
import { until } from "../../support/until.ts";

const codeOf = async (response: Response): Promise<string> =>
  apiErrorSchema.parse(await response.json()).error.code;
const raw = (port: number, head: string): string =>
  `${head}\r\nHost: 127.0.0.1:${String(port)}\r\nAuthorization: Bearer ${apiKey}\r\n`;

describe("the door of the loopback API", () => {
  it.each([
    ["no key", undefined],
    ["a wrong key", "Bearer another"],
    ["another scheme", `Basic ${apiKey}`],
    ["an empty key", "Bearer "],
  ])("%s is refused, and how to ask is said", async (_name, authorization) => {
    const api = await startTestApi();
    const response = await fetch(`${api.address}/stats`, {
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    expect(await codeOf(response)).toBe("API_KEY_INVALID");
  });

  it("tells who has no key whether it is up, and nothing else", async () => {
    const { address, get } = await startTestApi();
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: "ok" });
    expect(await (await get("/health")).json()).toMatchObject({ version: "1.2.3", model: "Test" });
    const wrong = await fetch(`${address}/health`, { headers: { Authorization: "Bearer x" } });
    expect(wrong.status).toBe(401);
  });

  it("a key that was rotated is refused from the next request on", async () => {
    const { get, keys } = await startTestApi();
    expect((await get("/stats")).status).toBe(200);
    keys.current = "another";
    expect((await get("/stats")).status).toBe(401);
  });

  it.each([
    ["a name that was bound anew to this machine", "evil.example:PORT"],
    ["an address of this machine in the network", "192.168.1.7:PORT"],
    ["another port", "127.0.0.1:1"],
    ["a name that only begins right", "localhost.evil.example:PORT"],
    ["no port", "localhost"],
  ])("a Host with %s is refused before the key is looked at", async (_name, host) => {
    const { port, dial } = await startTestApi();
    const { socket, received } = await dial();
    socket.write(`GET /health HTTP/1.1\r\nHost: ${host.replace("PORT", String(port))}\r\n\r\n`);
    await until(() => received().includes("API_FORBIDDEN"));
    expect(received()).toMatch(/^HTTP\/1.1 403/);
  });

  it.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])("%s is a Host of its", async (host) => {
    const { port, dial } = await startTestApi();
    const { socket, received } = await dial();
    socket.write(`GET /health HTTP/1.1\r\nHost: ${host}:${String(port)}\r\n\r\n`);
    await until(() => received().includes("ok"));
    expect(received()).toMatch(/^HTTP\/1.1 200/);
  });

  it("two Host headers are refused", async () => {
    const { port, dial } = await startTestApi();
    const { socket, received } = await dial();
    const own = `Host: 127.0.0.1:${String(port)}\r\n`;
    socket.write(`GET /health HTTP/1.1\r\n${own}Host: evil.example\r\n\r\n`);
    await until(() => received().includes("}"));
    expect(received()).toMatch(/^HTTP\/1.1 40[03]/);
  });

  it("pages are refused, but for those of allowed origins, which still need the key", async () => {
    const page = "http://localhost:5173";
    const { get, address } = await startTestApi({ settings: { "http.allowedOrigins": [page] } });
    for (const Origin of ["https://evil.example", "null", `${page}.evil.example`]) {
      const refused = await get("/stats", { Origin });
      expect(refused.status).toBe(403);
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    }
    const allowed = await get("/stats", { Origin: page });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(page);
    const noKey = await fetch(`${address}/stats`, { headers: { Origin: page } });
    expect(noKey.status).toBe(401);
    const preflight = (Origin: string) =>
      fetch(`${address}/complete`, {
        method: "OPTIONS",
        headers: { Origin, "Access-Control-Request-Method": "POST" },
      });
    const yes = await preflight(page);
    expect(yes.status).toBe(204);
    expect(yes.headers.get("access-control-allow-headers")).toContain("Authorization");
    expect((await preflight("https://evil.example")).status).toBe(403);
  });

  it.each([
    ["//health", 404],
    ["/../health", 404],
    ["/v1/../health", 404],
    ["/health/.", 404],
    ["/%2e%2e/health", 404],
    ["/v1%2fcompletions", 404],
    ["/health%00", 404],
    ["/health\\x", 404],
    ["/nothing", 404],
    ["http://127.0.0.1/health", 400],
    ["*", 400],
  ])("the path %s is none", async (path, status) => {
    const { port, dial } = await startTestApi();
    const { socket, received } = await dial();
    socket.write(`${raw(port, `GET ${path} HTTP/1.1`)}\r\n`);
    await until(() => received().includes("}"));
    expect(received()).toMatch(new RegExp(`^HTTP/1.1 ${String(status)}`));
  });

  it("a NUL in the path is no request", async () => {
    const { port, dial } = await startTestApi();
    const { socket, all } = await dial();
    socket.write(`${raw(port, "GET /hea\0lth HTTP/1.1")}\r\n`);
    expect(await all).toMatch(/^HTTP\/1.1 400/);
  });

  it("answers what came before garbage, then refuses it and closes", async () => {
    const { port, dial } = await startTestApi();
    const { socket, all } = await dial();
    socket.write(`${raw(port, "GET /stats HTTP/1.1")}\r\nNO SUCH THING \x01\x02\r\n\r\n`);
    const text = await all;
    expect(text).toMatch(/^HTTP\/1.1 200/);
    expect(text).toContain("HTTP/1.1 400 Bad Request");
    expect(text.indexOf("HTTP/1.1 400")).toBeGreaterThan(text.indexOf("HTTP/1.1 200"));
  });

  it("one connection that asks for too much at once is told so", async () => {
    const asked: Asked[] = [];
    const { port, dial } = await startTestApi({
      limits: { perConnection: 2 },
      onAsked: (each) => void asked.push(each),
    });
    const { socket, received } = await dial();
    const body = JSON.stringify({ prompt: "a" });
    const length = String(body.length);
    const json = `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
    socket.write(`${raw(port, "POST /complete HTTP/1.1")}${json}`.repeat(2));
    socket.write(`${raw(port, "GET /stats HTTP/1.1")}\r\n`);
    await until(() => asked.length === 2);
    for (const { finish } of asked) finish();
    await until(() => received().includes("API_BUSY"));
    expect(received().match(/HTTP\/1.1 \d+/g)).toEqual([
      ...["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 429"],
    ]);
    expect(received()).toMatch(/Retry-After: \d/);
  });

  it("a thousand idle connections keep nobody out", async () => {
    const { port, get } = await startTestApi({ limits: { connections: 50 } });
    const sockets = Array.from({ length: 1000 }, () => connect(port, "127.0.0.1"));
    let open = 0;
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      socket.once("connect", () => (open += 1)).once("close", () => (open -= 1));
    }
    await until(() => sockets.every((socket) => !socket.connecting));
    expect((await get("/stats")).status).toBe(200);
    await until(() => open <= 50);
    for (const socket of sockets) socket.destroy();
  });

  it("closes connections that send nothing", async () => {
    const { dial } = await startTestApi({ limits: { headersMs: 60, idleMs: 60 } });
    const { socket } = await dial();
    await once(socket, "close");
  });
});
