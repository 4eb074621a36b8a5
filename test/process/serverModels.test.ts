import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { codedErrorSchema } from "../../server/protocol/errors.ts";
import { modelListSchema, type DownloadRecord } from "../../server/protocol/models.ts";
import { listDownloads } from "../../server/models/download/states.ts";
import { startLoopbackHub, type LoopbackHub } from "../support/loopbackHub.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startStdioClient, type Message, type StdioClient } from "../support/stdioClient.ts";

const id = "tiny-starcoder-py";

describe("models, for editors without the command line", { timeout: 60_000 }, () => {
  let hub: LoopbackHub;
  let home: ProcessHome;
  let clients: StdioClient[];

  beforeAll(async () => {
    hub = await startLoopbackHub();
  });
  afterAll(() => hub.stop());
  beforeEach(() => {
    home = createProcessHome();
    clients = [];
  });
  afterEach(async () => {
    hub.clearFaults();
    await Promise.all(clients.map((client) => client.close()));
    for (const { pid } of listDownloads(home.path)) if (pid !== undefined) kill(pid);
    home.remove();
  });

  /** A window that shows progress; no model is started in it. */
  async function open(): Promise<StdioClient> {
    const client = startStdioClient(home.path, { HOME: home.path, HF_ENDPOINT: hub.url });
    clients.push(client);
    await client.initialize({
      initializationOptions: { enabled: false },
      capabilities: { window: { workDoneProgress: true } },
    });
    return client;
  }

  function kill(pid: number): void {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  const download = (client: StdioClient, params: object) =>
    client.request("starcoder/models/download", { id, ...params });
  const codeOf = ({ error }: Message) => codedErrorSchema.parse(error?.data).code;
  const shows =
    (kind: string) =>
    ({ method, params }: Message): boolean =>
      method === "$/progress" && (params as { value: { kind: string } }).value.kind === kind;

  it("lists what is there and what can be had", async () => {
    const client = await open();
    const there = modelListSchema.parse((await client.request("starcoder/models", {})).result);
    expect(there.models.map(({ source }) => source)).toEqual(["bundled"]);
    expect(there.offered).toBeUndefined();
    const asked = await client.request("starcoder/models", { offered: true });
    const { offered } = modelListSchema.parse(asked.result);
    expect(offered?.map(({ entry }) => entry.id)).toContain(id);
  });

  it("refuses what nobody knows, is there already, or has terms that were not accepted", async () => {
    const client = await open();
    expect(codeOf(await download(client, { id: "no-such-model" }))).toBe("MODEL_UNKNOWN");
    expect(codeOf(await download(client, { id: "starcoder-tiny" }))).toBe("VALIDATION_ERROR");
    expect(codeOf(await download(client, { id: 7 }))).toBe("VALIDATION_ERROR");
    const refused = await download(client, {});
    expect(codeOf(refused)).toBe("LICENCE_NOT_ACCEPTED");
    expect(refused.error?.message).toContain("https://");
  });

  it("downloads an entry, and every window shows how it stands", async () => {
    hub.fault("/cdn/", { kind: "slow", bytesPerSecond: 800_000 });
    const [first, second] = [await open(), await open()];
    const answered = download(first, { acceptLicence: true });
    for (const window of [first, second]) await window.seen(shows("begin"));
    await second.seen(shows("report"));
    hub.clearFaults();
    const { result } = await answered;
    const { download: state, model } = result as DownloadRecord;
    expect(state).toMatchObject({ phase: "done", request: { id } });
    expect(model).toMatchObject({ source: "downloaded", path: state.path });
    for (const window of [first, second]) await window.seen(shows("end"));
    const { value } = (await second.seen(shows("begin"))).params as { value: { title: string } };
    expect(value.title).toMatch(/^Downloading /);
  });

  it("goes on with a download whose process was killed, when a window opens", async () => {
    hub.fault("/cdn/", { kind: "slow", bytesPerSecond: 500_000 });
    const client = await open();
    void download(client, { acceptLicence: true }).catch(() => undefined);
    await expect
      .poll(() => listDownloads(home.path)[0]?.receivedBytes ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(0);
    await client.close();
    const [left] = listDownloads(home.path);
    if (left?.pid === undefined) throw new Error("nobody downloads");
    kill(left.pid);
    hub.clearFaults();
    await expect.poll(() => listDownloads(home.path)[0]?.phase).toBe("failed");
    await open();
    await expect.poll(() => listDownloads(home.path), { timeout: 20_000 }).toEqual([]);
  });
});
