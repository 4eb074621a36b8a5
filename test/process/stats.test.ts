import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { healthSchema } from "../../server/protocol/health.ts";
import { statsSchema } from "../../server/protocol/stats.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import {
  inlineCompletionAt,
  itemTexts,
  startStdioClient,
  type StdioClient,
} from "../support/stdioClient.ts";

const run = promisify(execFile);
const cli = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const code = "export function add(a: number, b: number): number {\n  return a +\n}\n";
const uri = "file:///project/src/add.ts";

describe("statistics and health of a language server, on the bundled model", () => {
  let home: ProcessHome;
  let client: StdioClient;
  let suggested: string | undefined;

  const readStats = async () =>
    statsSchema.parse((await client.request("starcoder/stats", null)).result);
  /** What a suggestion cost is known a moment after it is shown. */
  const readStatsOf = (requests: number) =>
    vi.waitUntil(async () => {
      const stats = await readStats();
      return stats.total.requests === requests && stats;
    }, 5000);

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    await client.initialize();
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: code },
    });
    const asked = inlineCompletionAt(uri, 1, 12);
    [suggested] = itemTexts(await client.request("textDocument/inlineCompletion", asked));
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  it("count a suggestion that was shown", async () => {
    expect(suggested).toMatch(/\S/);
    const { session, hour, note, memory } = await readStatsOf(1);
    expect(note).toContain("this machine only");
    expect(session).toMatchObject({ requests: 1, invoked: 1, shown: 1, acceptedWhole: 0 });
    expect(session?.latency.total.count).toBe(1);
    expect(hour).toMatchObject({ requests: 1, shown: 1 });
    expect(memory.hostBytes).toBeGreaterThan(0);
    expect(memory.modelBytes).toBeGreaterThan(0);
  });

  it("count it as accepted when the edit that follows inserts it", async () => {
    const place = { line: 1, character: 12 };
    client.notify("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: place, end: place }, text: suggested }],
    });
    const { session } = await readStats();
    expect(session).toMatchObject({ acceptedWhole: 1, acceptedPart: 0 });
    expect(session?.charactersSaved).toBe(suggested?.length);
  });

  it("are in a private file that holds no text", async () => {
    await readStats();
    const path = join(home.path, "stats.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    expect(text).not.toContain("add");
    expect(text).not.toContain("return");
  });

  it("are told by the command line, too", async () => {
    const env = { ...process.env, STARCODER_HOME: home.path };
    const { stdout } = await run(process.execPath, [cli, "stats", "--json"], { env });
    const stats = statsSchema.parse(JSON.parse(stdout));
    expect(stats.total).toMatchObject({ requests: 1, acceptedWhole: 1 });
    expect(stats.session).toBeUndefined();
    const people = await run(process.execPath, [cli, "stats"], { env });
    expect(people.stdout).toMatch(/accepted wholly +1 \(100 %\)/);
    expect(people.stdout).toContain("on this machine only");
  });

  it("name services, model, servers and the request in health", async () => {
    const health = healthSchema.parse((await client.request("starcoder/health", null)).result);
    expect(health.services.map(({ name, state }) => [name, state])).toEqual([
      ["server", "ok"],
      ["host", "ok"],
      ["completion", "ok"],
      ["review", "ok"],
    ]);
    expect(health.model).toMatchObject({ starter: true, family: "starcoder2", fimOrder: "SPM" });
    expect(health.servers).toMatchObject([{ pid: client.process.pid, self: true }]);
    expect(health.servers[0]?.residentBytes).toBeGreaterThan(10_000_000);
    expect(health.memory.hostBytes).toBe(health.host?.residentBytes);
    expect(health.logs.folder).toBe(join(home.path, "logs"));
    expect(health.recent).toMatchObject([{ service: "completion", outcome: "suggestion" }]);
  });

  it("count reviews, and add up over the servers of a home", async () => {
    const other = startStdioClient(home.path);
    await other.initialize();
    const text = "def first(items):\n    return items[0]\n\n\nprint(frist([1]))\n";
    other.notify("textDocument/didOpen", {
      textDocument: { uri: "file:///project/a.py", languageId: "python", version: 1, text },
    });
    const answer = await other.request("starcoder/review", { uri: "file:///project/a.py" });
    expect(answer.error).toBeUndefined();
    const own = statsSchema.parse((await other.request("starcoder/stats", null)).result);
    expect(own.session).toMatchObject({ requests: 0, reviews: 1 });
    expect(own.session?.latency.review.count).toBe(1);
    const health = healthSchema.parse((await client.request("starcoder/health", null)).result);
    expect(health.servers.map(({ pid }) => pid).sort()).toEqual(
      [client.process.pid, other.process.pid].sort(),
    );
    await other.close();
    expect((await readStats()).total).toMatchObject({ requests: 1, acceptedWhole: 1, reviews: 1 });
  });

  it("are kept when the server ends, and go on with the next", async () => {
    await client.request("textDocument/inlineCompletion", inlineCompletionAt(uri, 2, 1));
    await readStatsOf(2);
    await client.close();
    client = startStdioClient(home.path);
    await client.initialize();
    const { session, total } = await readStats();
    expect(session?.requests).toBe(0);
    expect(total).toMatchObject({ requests: 2, acceptedWhole: 1 });
  });
});

describe("starcoder stats", () => {
  it("tells zeros where nothing was counted yet, and writes nothing", async () => {
    const home = createProcessHome();
    const env = { ...process.env, STARCODER_HOME: join(home.path, "none") };
    const { stdout } = await run(process.execPath, [cli, "stats", "--json"], { env });
    const { total, steps } = statsSchema.parse(JSON.parse(stdout));
    expect(total).toMatchObject({ requests: 0, shown: 0, nothing: {} });
    expect(steps).toEqual([]);
    expect(() => statSync(env.STARCODER_HOME)).toThrow("ENOENT");
    home.remove();
  });
});
