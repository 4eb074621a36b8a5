import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { debugModeResultSchema } from "../../server/protocol/repair.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import {
  inlineCompletionAt,
  startStdioClient,
  type Message,
  type StdioClient,
} from "../support/stdioClient.ts";

const text = "export function add(first: number, second: number) {\n  return first +\n}\n";
const uri = "file:///project/add.ts";

/** Where a debugger asks what there is to debug. */
function versionAddress(url: string): string {
  return `http://${new URL(url).host}/json/version`;
}

async function isServed(url: string): Promise<boolean> {
  return fetch(versionAddress(url)).then(
    (answer) => answer.ok,
    () => false,
  );
}

describe("debug mode", () => {
  let home: ProcessHome;
  let client: StdioClient;

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    await client.initialize();
    await client.seen(({ params }) => (params as { state?: string } | undefined)?.state === "ok");
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  async function turn(params: unknown) {
    return debugModeResultSchema.parse(
      (await client.request("starcoder/debugMode", params)).result,
    );
  }

  const logged = ({ method, params }: Message) =>
    method === "window/logMessage" ? (params as { readonly message: string }).message : "";
  const traces = () => client.received.filter((message) => logged(message).includes("trace "));

  /** The lines of every log file of this home. */
  function logLines(): string {
    const folder = join(home.path, "logs");
    const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    return names.map((name) => readFileSync(join(folder, name), "utf8")).join("");
  }

  it("logs each request's trace at level debug until it is ended", async () => {
    expect(await turn({ on: true })).toEqual({ on: true, level: "debug", inspectors: [] });
    await client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 1, 16));
    await client.seen((message) => /trace .*step=result/.test(logged(message)));
    const steps = traces().map((message) => /step=([\w.]+)/.exec(logged(message))?.[1]);
    expect(steps).toEqual(expect.arrayContaining(["document", "model", "cache", "prompt"]));
    // Source text is logged only where the settings allow it.
    expect(traces().map(logged).join("\n")).not.toContain("return first");
    expect(await turn({ on: false })).toMatchObject({ on: false, level: "info", inspectors: [] });
    const before = traces().length;
    await client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 1, 14));
    expect(traces()).toHaveLength(before);
  });

  it("opens the inspectors of server and host on this machine only, and closes them", async () => {
    const { inspectors } = await turn({ on: true, inspector: true });
    expect(inspectors.map(({ service }) => service)).toEqual(["server", "host"]);
    for (const { url } of inspectors) {
      expect(new URL(url).hostname).toBe("127.0.0.1");
      expect(await isServed(url)).toBe(true);
    }
    await turn({ on: false });
    for (const { url } of inspectors) expect(await isServed(url)).toBe(false);
  });

  it("ends with the server that began it", async () => {
    const other = startStdioClient(home.path);
    await other.initialize();
    await other.seen(({ params }) => (params as { state?: string } | undefined)?.state === "ok");
    const answer = await other.request("starcoder/debugMode", { on: true, inspector: true });
    const { inspectors } = debugModeResultSchema.parse(answer.result);
    expect(inspectors).toHaveLength(2);
    await other.close();
    // The host goes on without: it answers, and its port is closed.
    await client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 1, 15));
    for (const { url } of inspectors) expect(await isServed(url)).toBe(false);
    expect(logLines()).not.toContain("return first");
  });

  it("refuses what it cannot understand", async () => {
    const { error } = await client.request("starcoder/debugMode", { on: "yes" });
    expect(error?.data).toMatchObject({ code: "VALIDATION_ERROR" });
  });
});
