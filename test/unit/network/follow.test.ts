import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createDispatcher } from "../../../server/network/dispatcher.ts";
import { ask, checkAddress } from "../../../server/network/follow.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server on loopback; its address. */
async function serve(
  answer: RequestListener,
  onConnect?: (to: IncomingMessage) => void,
): Promise<string> {
  const server: Server = createServer(answer);
  if (onConnect !== undefined) server.on("connect", onConnect);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function networkTo(hub: string, proxy?: string) {
  const dispatcher = createDispatcher({ env: {}, proxy });
  cleanups.push(() => dispatcher.destroy());
  return { dispatcher, hub, token: "hf_secret", stallMs: 5000, now: () => 0 };
}

describe("an address that redirects", () => {
  it("is followed to another server, which is not told the token", async () => {
    const told: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      told.push(request.headers.authorization);
      response.end("bytes");
    });
    const hub = await serve((request, response) => {
      told.push(request.headers.authorization);
      response.writeHead(302, { location: `${elsewhere}/file`, "x-linked-size": "5" }).end();
    });
    const answer = await ask(networkTo(hub), { url: `${hub}/file` });
    expect(await answer.body.text()).toBe("bytes");
    expect(told).toEqual(["Bearer hf_secret", undefined]);
    expect(answer.passed("x-linked-size")).toBe("5");
  });

  it("is given up in circles, and after five others", async () => {
    let asked = 0;
    const hub = await serve((request, response) => {
      asked += 1;
      const next = request.url === "/circle" ? "/circle" : `/${String(asked)}`;
      response.writeHead(302, { location: next }).end();
    });
    const network = networkTo(hub);
    await expect(ask(network, { url: `${hub}/circle` })).rejects.toMatchObject({
      code: "DOWNLOAD_UNSAFE",
    });
    expect(asked).toBe(1);
    await expect(ask(network, { url: `${hub}/` })).rejects.toMatchObject({
      code: "DOWNLOAD_UNSAFE",
    });
    expect(asked).toBe(7);
  });
});

describe("an address that may be asked", () => {
  const from = new URL("https://hub.example/file");

  it.each(["https://cdn.example/file", "/other"])("%s is one", (text) => {
    expect(checkAddress(text, from).protocol).toBe("https:");
  });

  it.each(["http://cdn.example/file", "file:///etc/passwd", "https://localhost:1/", "http://["])(
    "%s is none",
    (text) => {
      expect(() => checkAddress(text, from)).toThrow(
        expect.objectContaining({ code: "DOWNLOAD_UNSAFE" }),
      );
    },
  );
});

describe("a proxy", () => {
  it("whose address is none is said to be that, without what it holds", async () => {
    const network = networkTo("https://hub.example", "http://user:secret@[");
    const asked = ask(network, { url: "https://hub.example/file" });
    await expect(asked).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      message: expect.not.stringContaining("secret") as string,
    });
  });

  it("that takes what is sent and never answers is told as soon as other silence", async () => {
    let isOver = false;
    const held: IncomingMessage["socket"][] = [];
    const proxy = await serve(
      () => undefined,
      ({ socket }) => {
        if (isOver) socket.destroy();
        else held.push(socket);
      },
    );
    const network = networkTo("https://hub.example", proxy);
    const answered = new Set<string>();
    const asked = ask(
      { ...network, firstAnswerMs: 30, answered },
      { url: "https://hub.example/file" },
    );
    await expect(asked).rejects.toMatchObject({
      code: "HUB_UNREACHABLE",
      origin: "https://hub.example",
    });
    expect(answered.size).toBe(0);
    const stop = new AbortController();
    const other = ask(network, { url: "https://hub.example/file", signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(other).rejects.toThrow("stopped");
    // A server does not end before what it made a tunnel of.
    isOver = true;
    for (const socket of held) socket.destroy();
  });

  it("that hangs up is not asked for ever, and takes a password with a percent sign", async () => {
    const told: (string | undefined)[] = [];
    const proxy = await serve(
      () => undefined,
      (request) => {
        told.push(request.headers["proxy-authorization"]);
        request.socket.destroy();
      },
    );
    const network = networkTo("https://hub.example", proxy.replace("//", "//me:50%@"));
    await expect(ask(network, { url: "https://hub.example/file" })).rejects.toMatchObject({
      code: "HUB_UNREACHABLE",
    });
    expect(told).toEqual([basic("me:50%")]);
  });
});

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
