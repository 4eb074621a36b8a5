import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusSchema } from "../../server/protocol/editor.ts";
import { repairRecordSchema } from "../../server/protocol/repair.ts";
import { openHome } from "../../server/state/home.ts";
import { listServers } from "../../server/state/serverFiles.ts";
import { runCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type StdioClient,
} from "../support/stdioClient.ts";

const code = "export function add(a: number, b: number): number {\n  return a +\n}\n";
const uri = "file:///project/add.ts";

/** States and codes that a client was told, repetitions left out. */
function told(client: StdioClient): string[] {
  const said = client.received
    .filter(({ method }) => method === "starcoder/status")
    .map(({ params }) => statusSchema.parse(params))
    .map(({ state, code: why }) => (why === undefined ? state : `${state} ${why}`));
  return said.filter((each, index) => each !== said[index - 1] && each !== "busy");
}

describe("restarting services that windows share", { timeout: 120_000 }, () => {
  let home: ProcessHome;
  let clients: StdioClient[];

  beforeEach(() => {
    home = createProcessHome();
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    home.remove();
  });

  async function start(): Promise<StdioClient> {
    const client = startStdioClient(home.path);
    clients.push(client);
    await client.initialize({ initializationOptions: { context: { otherFiles: false } } });
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: code },
    });
    return client;
  }

  const suggest = (client: StdioClient) =>
    client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 1, 12));

  const restart = (client: StdioClient, service = "host") =>
    client.request("starcoder/restart", { service });

  async function cli(...args: string[]) {
    const all = ["restart", ...args, "--json"];
    const { code: exit, stdout } = await runCli(all, { home: home.path });
    return { exit, record: repairRecordSchema.parse(JSON.parse(stdout)) };
  }

  it("at once from two windows ends one host and starts one, and both suggest again", async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await Promise.all([suggest(one), suggest(other)]);
    const [before] = home.hosts();
    const answers = await Promise.all([restart(one), restart(other), restart(one)]);
    for (const { result } of answers) {
      expect(result).toEqual({ service: "host", clientMustRestart: false });
    }
    const suggestions = await Promise.all([suggest(one), suggest(other)]);
    for (const answer of suggestions) expect(itemTexts(answer)[0]).toMatch(/\S/);
    expect(home.hosts()).toHaveLength(1);
    expect(home.hosts()[0]).not.toBe(before);
  });

  it("tells the other window, to which it is no crash", async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await Promise.all([suggest(one), suggest(other)]);
    const [before] = home.hosts();
    await restart(one);
    expect(itemTexts(await suggest(one))[0]).toMatch(/\S/);
    expect(itemTexts(await suggest(other))[0]).toMatch(/\S/);
    expect(home.hosts()[0]).not.toBe(before);
    expect(told(other).filter((state) => state.includes("HOST_"))).toEqual([]);
  });

  it("settles a suggestion that is being made, and works while the model is loading", async () => {
    const client = await start();
    const early = restart(client);
    const pending = suggest(client);
    expect((await early).error).toBeUndefined();
    await restart(client);
    expect((await pending).error).toBeUndefined();
    expect(itemTexts(await suggest(client))[0]).toMatch(/\S/);
    expect(home.hosts()).toHaveLength(1);
  });

  it("of the server is the client's to do, who is told so", async () => {
    const client = await start();
    const { result } = await restart(client, "server");
    expect(result).toEqual({ service: "server", clientMustRestart: true });
    const refused = await restart(client, "everything");
    expect(refused.error?.data).toMatchObject({ code: "VALIDATION_ERROR" });
  });

  it("by the command line ends the host, and windows come to a new one", async () => {
    const client = await start();
    await suggest(client);
    const [before] = home.hosts();
    const { exit, record } = await cli();
    expect(exit).toBe(0);
    expect(record.steps).toMatchObject([{ name: "host", status: "ok" }]);
    expect(record.steps[0]?.message).toContain(String(before));
    expect(itemTexts(await suggest(client))[0]).toMatch(/\S/);
    expect(home.hosts()[0]).not.toBe(before);
    expect(told(client).filter((state) => state.includes("HOST_"))).toEqual([]);
  });

  it("by the command line asks each server to be started anew, and it ends properly", async () => {
    const client = await start();
    expect(listServers(home.path).map(({ pid }) => pid)).toEqual([client.process.pid]);
    const { exit, record } = await cli("server");
    expect(exit).toBe(0);
    expect(record.steps[0]?.message).toContain(String(client.process.pid));
    await client.seen(({ method }) => method === "starcoder/restartMe");
    expect(await client.ended).toBe(0);
    expect(listServers(home.path)).toEqual([]);
  });

  it("by the command line is no failure when nothing runs", async () => {
    const { exit, record } = await cli("all");
    expect(exit).toBe(0);
    expect(record.steps.map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it.skipIf(process.platform === "win32")(
    "by the command line ends a server that hears nothing any more",
    async () => {
      const client = await start();
      client.process.kill("SIGSTOP");
      const { exit, record } = await cli("server");
      expect(exit).toBe(0);
      expect(record.steps[0]?.message).toContain(String(client.process.pid));
      expect(await client.ended).toBeNull();
    },
  );

  it("leaves a process alone that got the id of a host that is gone", async () => {
    const runFile = { protocolVersion: 2, pid: process.pid, token: "t", hostVersion: "1" };
    openHome(home.path);
    writeFileSync(
      join(home.path, "run", "a7bc3b2496df082d.json"),
      JSON.stringify({ ...runFile, socketPath: "s", startedAt: "2026-01-01T00:00:00.000Z" }),
    );
    const { exit, record } = await cli("all");
    expect(exit).toBe(0);
    expect(record.steps[0]?.message).toBe("No model host was running.");
    writeFileSync(join(home.path, "run", "a7bc3b2496df082d.json"), "{}");
  });
});
