import { describe, expect, it } from "vitest";
import { apiErrorSchema } from "../../../server/protocol/api.ts";
import { apiKey, startTestApi } from "../../support/apiServer.ts";
import { until } from "../../support/until.ts";

const errorOf = async (response: Response) => apiErrorSchema.parse(await response.json()).error;
const headOf = (port: number, more: string): string =>
  [
    "POST /complete HTTP/1.1",
    `Host: 127.0.0.1:${String(port)}`,
    `Authorization: Bearer ${apiKey}`,
    "Content-Type: application/json",
    `${more}\r\n\r\n`,
  ].join("\r\n");

describe("bodies of the loopback API", () => {
  it("one that announces 100 MB is refused before it is sent", async () => {
    const { port, dial } = await startTestApi();
    const { socket, all } = await dial();
    socket.write(headOf(port, "Content-Length: 104857600"));
    expect(await all).toMatch(/^HTTP\/1.1 413[^]*API_TOO_LARGE/);
  });

  it("one of 100 MB whose length is not said is cut off when it is too long", async () => {
    const { port, dial } = await startTestApi();
    const { socket, all } = await dial();
    socket.write(headOf(port, "Transfer-Encoding: chunked"));
    const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
    let sent = 0;
    const send = (): void => {
      while (!socket.destroyed && sent < 1600) {
        sent += 1;
        if (!socket.write(chunk)) return void socket.once("drain", send);
      }
    };
    send();
    expect(await all).toMatch(/^HTTP\/1.1 413/);
    expect(sent).toBeLessThan(400);
  });

  it("one that comes too slowly is given up", async () => {
    const { port, dial } = await startTestApi({ limits: { bodyMs: 30 } });
    const { socket, all } = await dial();
    socket.write(`${headOf(port, "Content-Length: 100")}{`);
    expect(await all).toMatch(/^HTTP\/1.1 400[^]*TIMEOUT_ERROR/);
  });

  it("headers that come too slowly are given up", async () => {
    const { dial } = await startTestApi({ limits: { headersMs: 40 } });
    const { socket, all } = await dial();
    socket.write("GET /health HTTP/1.1\r\nHost: ");
    expect(await all).toMatch(/^HTTP\/1.1 400[^]*TIMEOUT_ERROR/);
  });

  it.each([
    ["no JSON", "{", "JSON"],
    ["nothing", "", "JSON"],
    ["deep JSON", `{"prompt":${"[".repeat(100)}${"]".repeat(100)}}`, "deeper than 64"],
    ["another type", '{"prompt":1}', "prompt: expected string"],
    ["a fraction of tokens", '{"prompt":"a","max_tokens":1.5}', "max_tokens:"],
    ["a field that is not known", '{"prompt":"a","promt":"b"}', '"promt"'],
    ["neither prompt nor text", "{}", "text, prompt: give one"],
    ["both", '{"prompt":"a","text":"b"}', "text, prompt: give one"],
    ["a text without a place", '{"text":"b"}', "offset, or line and character"],
    ["an array", "[]", "expected object"],
  ])("%s is refused, with the place", async (_name, body, said) => {
    const { post } = await startTestApi();
    const response = await post("/complete", body);
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error.code).toBe("VALIDATION_ERROR");
    expect(error.message).toContain(said);
  });

  it.each([[{ offset: 7 }], [{ line: 2, character: 0 }], [{ line: 0, character: 4 }]])(
    "the place %j lies outside of the text",
    async (place) => {
      const { post } = await startTestApi();
      const response = await post("/complete", { text: "abc\nde", ...place });
      expect([response.status, (await errorOf(response)).code]).toEqual([400, "POSITION_INVALID"]);
    },
  );

  it("what is not valid UTF-8, compressed, or of another type is refused", async () => {
    const { address, port, dial } = await startTestApi();
    const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
    const post = (more: object) =>
      fetch(`${address}/complete`, { method: "POST", headers, body: '{"prompt":"a"}', ...more });
    expect((await post({ body: new Uint8Array([0x22, 0xff, 0x22]) })).status).toBe(400);
    expect((await post({ headers: { ...headers, "Content-Encoding": "gzip" } })).status).toBe(400);
    expect((await post({ headers: { ...headers, "Content-Type": "text/plain" } })).status).toBe(
      400,
    );
    const { socket, received } = await dial();
    socket.write(headOf(port, "Content-Length: 5").replace("POST /complete", "GET /stats"));
    await until(() => received().includes("GET takes no body"));
  });

  it("no field of a compatible route that is not known is refused", async () => {
    const { post } = await startTestApi();
    const openAi = await post("/v1/completions", { prompt: "a", presence_penalty: 1, user: "x" });
    expect(openAi.status).toBe(200);
    const infill = await post("/infill", {
      input_prefix: "a",
      samplers: ["top_k"],
      cache_prompt: true,
    });
    expect(infill.status).toBe(200);
  });

  it("failures on OpenAI's routes have the form that its clients read, too", async () => {
    const { post } = await startTestApi();
    const response = await post("/v1/completions", { prompt: "a", n: 3 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "VALIDATION_ERROR", type: "invalid_request_error", param: null },
    });
  });
});
