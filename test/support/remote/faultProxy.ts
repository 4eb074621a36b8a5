import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** How the way to a server is broken. */
export type Fault =
  /** Hangs up at once. */
  | { readonly kind: "refuse" }
  /** Accepts and never answers. */
  | { readonly kind: "halfOpen" }
  /** Each piece of an answer comes so many milliseconds late. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Hangs up after so many bytes of an answer. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Answers in the server's place. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
    }
  /** Events without an end, in the server's place. */
  | { readonly kind: "endless"; readonly event: string };

/** A page as proxies send it, with a status of success. */
export const htmlPage: Fault = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><body>Please sign in.</body></html>",
};

/** A stream that holds bytes of no character. */
export const invalidUtf8: Fault = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/event-stream" },
  body: Buffer.from([...Buffer.from('data: {"content":"'), 0xc3, 0x28, 0x0a, 0x0a]),
};

/** A way to a server on this machine that can be broken. */
export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  /** Counts for what is asked from now on; undefined: all passes. */
  fault: Fault | undefined;
  /** Connections that are open. */
  readonly open: number;
  close(): Promise<void>;
}

/** @param target address of the server, such as `http://127.0.0.1:8080` */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    return socket;
  };

  function serve(client: Socket): void {
    let server: Socket | undefined;
    const onward = (): Socket => {
      const opened = keep(connect(Number(to.port), to.hostname));
      opened.once("close", () => client.end());
      client.once("close", () => opened.destroy());
      let passed = 0;
      opened.on("data", (piece: Buffer) => {
        const { fault } = proxy;
        if (fault?.kind === "slow") setTimeout(() => client.write(piece), fault.ms);
        else if (fault?.kind === "cut" && passed + piece.length > fault.afterBytes) {
          client.write(piece.subarray(0, Math.max(0, fault.afterBytes - passed)), () =>
            client.destroy(),
          );
        } else client.write(piece);
        passed += piece.length;
      });
      return opened;
    };
    client.on("data", (piece: Buffer) => {
      const { fault } = proxy;
      if (fault?.kind === "refuse") client.destroy();
      else if (fault?.kind === "answer") client.end(answerOf(fault));
      else if (fault?.kind === "endless") sendForEver(client, fault.event);
      else if (fault?.kind !== "halfOpen") {
        server ??= onward();
        server.write(piece);
      }
    });
  }

  const listener = createServer((client) => {
    keep(client);
    if (proxy.fault?.kind === "refuse") client.destroy();
    else serve(client);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    port,
    fault: undefined,
    get open() {
      return sockets.size;
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

function answerOf({ status, headers = {}, body = "" }: Extract<Fault, { kind: "answer" }>): Buffer {
  const content = Buffer.from(body);
  const all = { ...headers, "content-length": String(content.length), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Fault\r\n${lines.join("")}\r\n`), content]);
}

function sendForEver(client: Socket, event: string): void {
  const piece = `data: ${event}\n\n`;
  client.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
  const more = (): void => {
    while (!client.destroyed && client.write(piece));
    if (!client.destroyed) client.once("drain", more);
  };
  more();
}
