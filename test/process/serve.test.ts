import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  apiHealthSchema,
  apiRecordSchema,
  completeAnswerSchema,
  reviewAnswerSchema,
} from "../../server/protocol/api.ts";
import { infillAnswerSchema, openAiAnswerSchema } from "../../server/protocol/apiCompatible.ts";
import { statsSchema } from "../../server/protocol/stats.ts";
import { workflowResultSchema } from "../../server/protocol/workflow.ts";
import { runCli, startCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startStdioClient } from "../support/stdioClient.ts";
import { until } from "../support/until.ts";

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describe("starcoder serve", () => {
  let home: ProcessHome;
  let address: string;
  let port: number;
  let key: string;
  let serving: ReturnType<typeof startCli>;

  beforeAll(async () => {
    home = createProcessHome();
    port = await freePort();
    serving = startCli(["serve", "--port", String(port), "--json"], { home: home.path });
    const line = await new Promise<string>((resolve) => {
      serving.child.stdout.once("data", (text: string) => resolve(text));
    });
    const record = apiRecordSchema.parse(JSON.parse(line));
    address = record.address ?? "";
    expect(record).toMatchObject({ serving: true, pid: serving.child.pid });
    key = readFileSync(record.keyFile, "utf8").trim();
  });
  afterAll(async () => {
    serving.child.kill("SIGTERM");
    await serving.ended;
    home.remove();
  });

  const get = (path: string) =>
    fetch(address + path, { headers: { Authorization: `Bearer ${key}` } });
  const post = (path: string, body: object, signal: AbortSignal | null = null) =>
    fetch(address + path, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });

  it("makes its files for this user alone", () => {
    for (const file of ["api.key", "run/api.json"]) {
      expect(statSync(join(home.path, file)).mode & 0o777).toBe(0o600);
    }
  });

  it("answers each route with the model", async () => {
    const text = "export function add(a: number, b: number) {\n  return a + \n}\n";
    const place = await post("/complete", { path: "add.ts", text, line: 1, character: 13 });
    expect(completeAnswerSchema.parse(await place.json()).text).toContain("b");
    const prompt = "function add(a, b) {\n  return ";
    const plain = await post("/complete", { prompt, max_tokens: 4, temperature: 0 });
    expect(completeAnswerSchema.parse(await plain.json()).tokensUsed).toBeGreaterThan(0);
    const code = "export function f(a: number) {\n  return a;\n}\n";
    const review = await post("/review", { generated_code: code, language: "typescript" });
    expect(reviewAnswerSchema.parse(await review.json()).score).toBeGreaterThan(0);
    const openAi = await post("/v1/completions", { prompt, suffix: "\n}\n", max_tokens: 4 });
    expect(openAiAnswerSchema.parse(await openAi.json()).choices).toHaveLength(1);
    const infill = await post("/infill", {
      input_prefix: prompt,
      input_suffix: "\n}\n",
      n_predict: 4,
    });
    expect(infillAnswerSchema.parse(await infill.json()).timings?.predicted_n).toBeGreaterThan(0);
    expect(statsSchema.parse(await (await get("/stats")).json()).total.requests).toBe(0);
    expect(await (await get("/v1/models")).json()).toMatchObject({ data: [{ object: "model" }] });
    const health = apiHealthSchema.parse(await (await get("/health")).json());
    expect(health).toMatchObject({ status: "ok", model: "StarCoder Tiny" });
    expect(await (await get("/openapi.json")).json()).toMatchObject({ openapi: "3.1.0" });
  });

  it("keeps what it generates and revises", async () => {
    const budget = { seconds: 6, candidates: 1, rounds: 1 };
    for (const path of ["/generate", "/workflow"]) {
      const task = {
        // The model's likeliest answer to this one parses.
        task_description: "Add numbers in a function `add(a: number, b: number): number`.",
        ...{ language: "typescript", budget },
      };
      const response = await post(path, task);
      const answer: unknown = await response.json();
      expect(response.status, JSON.stringify(answer)).toBe(200);
      const { requestId } = workflowResultSchema.parse(answer);
      expect(readdirSync(join(home.path, "workflows"))).toContain(`${requestId}.json`);
    }
  });

  it("streams, and ends a generation whose client goes away", async () => {
    const body = { prompt: "// numbers\n1, 2, 3, 4, ", max_tokens: 900, stream: true };
    const abort = new AbortController();
    const response = await post("/v1/completions", body, abort.signal);
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value as Uint8Array)).toMatch(/^data: \{/);
    abort.abort();
    // There is one place for background work in the model: it is free again.
    const started = performance.now();
    expect((await post("/complete", { prompt: "let a", max_tokens: 1 })).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("refuses the old key as soon as there is a new one", async () => {
    expect((await get("/stats")).status).toBe(200);
    const rotated = await runCli(["serve", "--rotate-key", "--json"], { home: home.path });
    expect(apiRecordSchema.parse(JSON.parse(rotated.stdout))).toMatchObject({ rotated: true });
    expect(rotated.stdout).not.toContain(key);
    expect((await get("/stats")).status).toBe(401);
    const shown = await runCli(["serve", "--show-key"], { home: home.path });
    key = shown.stdout.trim();
    expect((await get("/stats")).status).toBe(200);
  });

  it("is started by a language server whose setting is on; a port in use is said", async () => {
    const status = await runCli(["serve", "--status", "--json"], { home: home.path });
    expect(JSON.parse(status.stdout)).toMatchObject({ serving: true, pid: serving.child.pid });
    serving.child.kill("SIGTERM");
    expect((await serving.ended).code).toBe(0);
    const blocker = createServer().listen(port, "127.0.0.1");
    const client = startStdioClient(home.path);
    await client.initialize({
      initializationOptions: { enabled: false, http: { enabled: true, port } },
    });
    const problem = await client.seen(
      ({ method, params }) =>
        method === "starcoder/status" && JSON.stringify(params).includes("PORT_IN_USE"),
    );
    expect(problem.params).toMatchObject({ problem: { actions: ["openSettings"] } });
    await new Promise((resolve) => blocker.close(resolve));
    await until(() => {
      try {
        return statSync(join(home.path, "run", "api.json")).isFile();
      } catch {
        return false;
      }
    }, 15_000);
    expect((await get("/health")).status).toBe(200);
    await client.close();
    await until(() => !readdirSync(join(home.path, "run")).includes("api.json"));
  });

  it("takes no link for its key", async () => {
    const other = createProcessHome();
    const secret = join(other.path, "secret");
    mkdirSync(other.path, { recursive: true });
    writeFileSync(secret, "A".repeat(43), { mode: 0o600 });
    symlinkSync(secret, join(other.path, "api.key"));
    const shown = await runCli(["serve", "--show-key"], { home: other.path });
    expect(shown.code).toBe(3);
    expect(shown.stderr).toContain("API_KEY_INVALID");
    rmSync(join(other.path, "api.key"));
    other.remove();
  });
});
