import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { inspectorPorts } from "../../../../server/health/machine/inspectors.ts";
import { listenersOf, useOfPort } from "../../../../server/health/machine/ports.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 x
   1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 x
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 x
`;

describe("who uses a port", () => {
  it("is read off the system's table: those that listen, not those that are connected", () => {
    expect(listenersOf(table, 8080)).toEqual(["4711"]);
    expect(listenersOf(table, 22)).toEqual(["4713"]);
    expect(listenersOf(table, 80)).toEqual([]);
    expect(listenersOf("", 80)).toEqual([]);
  });

  it("is a process while it listens, and nobody afterwards", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { signal } = new AbortController();
    const use = await useOfPort(port, signal);
    expect(use.kind).toBe("used");
    if (process.platform === "linux") expect(use).toMatchObject({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(await useOfPort(port, signal)).toEqual({ kind: "free" });
  });
});

describe("ports of debuggers", () => {
  it.each<[string, string[], number[]]>([
    ["", [], []],
    ["--max-old-space-size=100", [], []],
    ["--inspect", [], [9229]],
    ["--trace-warnings --inspect-brk=9230", [], [9230]],
    ["", ["--inspect=127.0.0.1:9231"], [9231]],
    ["", ["--inspect=[::1]:9232", "--inspect-wait=localhost:9233"], [9232, 9233]],
    ["", ["--inspect=127.0.0.1"], [9229]],
    ["", ["--inspect=0"], []],
    ["--inspect=9230", ["--inspect=9230"], [9230]],
  ])("are read off %j and %j", (options, args, ports) => {
    const found = inspectorPorts({ NODE_OPTIONS: options }, args, undefined);
    expect(found).toEqual(ports.map((port) => ({ port })));
  });

  it("know the one that this process has", () => {
    const found = inspectorPorts({}, ["--inspect=9230"], "ws://127.0.0.1:9230/abc");
    expect(found).toEqual([{ port: 9230, ownPid: process.pid }]);
  });
});
