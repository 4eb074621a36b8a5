import { describe, expect, it } from "vitest";
import { completeAnswerSchema, reviewAnswerSchema } from "../../../server/protocol/api.ts";
import { infillAnswerSchema, openAiAnswerSchema } from "../../../server/protocol/apiCompatible.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { workflowResultSchema } from "../../../server/protocol/workflow.ts";
import { startTestApi, type Asked } from "../../support/apiServer.ts";
import { until } from "../../support/until.ts";

const eventsOf = (text: string): unknown[] =>
  [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? "") as unknown);

describe("the routes of the loopback API", () => {
  it("completes a place in a text", async () => {
    const { post } = await startTestApi();
    const response = await post("/complete", {
      text: "let a = ",
      line: 0,
      character: 8,
      path: "a.ts",
    });
    const answer = completeAnswerSchema.parse(await response.json());
    expect(answer).toMatchObject({ text: "b;", start: 8, end: 8, probability: 0.9, model: "Test" });
  });

  it("goes on with a prompt, and fills what lies before a suffix", async () => {
    const prompts: unknown[] = [];
    const { post } = await startTestApi({
      onAsked({ request, token, finish }) {
        prompts.push(request);
        token("x");
        finish("length");
      },
    });
    const plain = await post("/complete", { prompt: "let a = 1\nlet", max_tokens: 5 });
    expect(await plain.json()).toMatchObject({ text: "x", finish: "length", tokensUsed: 8 });
    await post("/complete", { prompt: "let a = ", suffix: "; <fim_middle>" });
    expect(prompts[0]).toMatchObject({
      ...{ prompt: [{ text: "let a = 1\n" }], heal: "let", maxTokens: 5, priority: "background" },
    });
    // A special token in a user's text stays text.
    expect(prompts[1]).toMatchObject({
      prompt: [
        { special: "<fim_prefix>" },
        { special: "<fim_suffix>" },
        { text: "; <fim_middle>" },
        { special: "<fim_middle>" },
        { text: "let a =" },
      ],
      heal: " ",
    });
  });

  it("reviews code under each of its names", async () => {
    const { post } = await startTestApi();
    for (const name of ["text", "code", "generated_code"]) {
      const metadata = { ticket: 7 };
      const response = await post("/review", {
        [name]: "let a;",
        language: "TypeScript",
        metadata,
      });
      const answer = reviewAnswerSchema.parse(await response.json());
      expect(answer).toMatchObject({ score: 10, metadata });
    }
    const both = await post("/review", { text: "a", code: "b", language: "python" });
    expect(both.status).toBe(400);
    expect((await post("/review", { text: "a" })).status).toBe(400);
  });

  it("tells a review what the code is to do, under either name", async () => {
    const { post, reviews } = await startTestApi();
    const common = { generated_code: "let a;", language: "go", tests: "assert" };
    await post("/review", { ...common, task_description: "Add", requirements: "be short" });
    await post("/review", { text: "let a;", language: "go", task: "Add" });
    expect(reviews.map(({ document }) => document.purpose)).toEqual([
      { task: "Add", requirements: ["be short"], tests: "assert" },
      { task: "Add", requirements: [] },
    ]);
  });

  it("takes the original service's fields, and keeps what comes out", async () => {
    const { post, kept, tasks } = await startTestApi();
    const generated = await post(
      "/generate",
      {
        ...{ task_description: "Add", language: "Python", requirements: "be short" },
        ...{ tests: "assert", metadata: { by: "x" }, max_tokens: 50 },
      },
      { "X-Request-Id": "mine-1" },
    );
    const { requestId } = workflowResultSchema.parse(await generated.json());
    expect(generated.headers.get("x-request-id")).toBe("mine-1");
    expect(kept.map(({ result }) => result.requestId)).toEqual([requestId]);
    expect(tasks[0]?.task).toMatchObject({
      ...{ task: "Add", language: "python", requirements: ["be short"], tests: "assert" },
      ...{ review: false, budget: { tokens: 50 }, metadata: { by: "x" } },
    });
    const revised = await post("/workflow", {
      ...{ generated_code: "x", path: "a.go", budget: { rounds: 2, seconds: 5 } },
    });
    expect(revised.status).toBe(200);
    expect(tasks[1]?.task).toMatchObject({
      ...{ task: "", code: "x", language: "go", review: true, budget: { rounds: 2, seconds: 5 } },
    });
    expect((await post("/generate", { language: "go" })).status).toBe(400);
    expect(
      (await post("/workflow", { task: "x", language: "go", budget: { tries: 1 } })).status,
    ).toBe(400);
  });

  it("says of a language without a grammar that its syntax is not checked, and refuses a misspelled one", async () => {
    const { post, kept, tasks } = await startTestApi();
    const notes = async (language: string) =>
      workflowResultSchema.parse(await (await post("/generate", { task: "Add", language })).json())
        .notes;
    expect(await notes("go")).toBeUndefined();
    expect(await notes("zig")).toEqual(["Syntax not checked: no grammar for zig."]);
    expect(kept.at(-1)?.result.notes).toHaveLength(1);
    const misspelled = await post("/workflow", { task: "Add", language: "pyhton" });
    expect(misspelled.status).toBe(400);
    expect(await misspelled.json()).toMatchObject({
      error: {
        code: "VALIDATION_ERROR",
        message: expect.stringContaining("mean python?") as string,
      },
    });
    expect(tasks).toHaveLength(2);
  });

  it("keeps each result by an id of its own, whatever id the client repeats, and answers one that it cannot keep", async () => {
    const { post, kept, records, product } = await startTestApi();
    const ask = () =>
      post("/generate", { task: "Add", language: "go" }, { "X-Request-Id": "again" });
    await ask();
    await ask();
    const ids = kept.map(({ result }) => result.requestId);
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain("again");
    await until(() => records.length === 2);
    expect(records.map(({ fields }) => fields)).toMatchObject(
      ids.map((workflow) => ({ requestId: "again", workflow })),
    );
    product.history.add = () => Promise.reject(new CodedError("DISK_FULL"));
    expect((await ask()).status).toBe(200);
    expect(records.map(({ message }) => message)).toContain("a result is not kept");
  });

  it("answers as OpenAI does, at once and streamed", async () => {
    const { post } = await startTestApi();
    const body = { prompt: "a", suffix: "b", logprobs: 1, stop: ["\n", ""] };
    const whole = openAiAnswerSchema.parse(await (await post("/v1/completions", body)).json());
    expect(whole).toMatchObject({
      object: "text_completion",
      model: "Test",
      choices: [
        {
          text: "ab",
          finish_reason: "stop",
          logprobs: { tokens: ["a", "b"], token_logprobs: [-0.5, -0.5], text_offset: [0, 1] },
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    });
    const stream_options = { include_usage: true };
    const response = await post("/v1/completions", { ...body, stream: true, stream_options });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const text = await response.text();
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const events = eventsOf(text).map((event) => openAiAnswerSchema.parse(event));
    expect(events.map(({ choices }) => choices[0]?.text)).toEqual(["a", "b", "", undefined]);
    expect(events.at(2)?.choices[0]?.finish_reason).toBe("stop");
    expect(events.at(-1)?.usage?.total_tokens).toBe(12);
  });

  it("answers as llama-server does, at once, streamed, and for a prompt to be remembered", async () => {
    const api = await startTestApi();
    const body = {
      ...{ input_prefix: "def f():\n", prompt: "  return ", input_suffix: "\n", n_predict: 4 },
      ...{ input_extra: [{ filename: "b.py", text: "x = 1" }] },
    };
    const whole = infillAnswerSchema.parse(await (await api.post("/infill", body)).json());
    expect(whole).toMatchObject({
      ...{ content: "ab", stop: true, tokens_predicted: 2, tokens_evaluated: 10 },
      ...{ stop_type: "eos", stopping_word: "" },
      ...{ timings: { prompt_n: 7, cache_n: 3, predicted_per_second: 1000 } },
    });
    const text = await (await api.post("/infill", { ...body, stream: true })).text();
    expect(eventsOf(text).map((event) => infillAnswerSchema.parse(event).content)).toEqual([
      ...["a", "b", ""],
    ]);
    const warm = await api.post("/infill", { ...body, n_predict: 0 });
    expect(await warm.json()).toMatchObject({ content: "", stop: true });
    expect(api.warmed).toBe(1);
  });

  it("names the stop string that ended a text, as llama-server and OpenAI do", async () => {
    const { post } = await startTestApi({
      onAsked({ request, token, finish }) {
        token("a");
        finish("stop", request.stopStrings[1]);
      },
    });
    const stop = ["\n\n", ";"];
    for (const stream of [false, true]) {
      const answer = await (await post("/infill", { input_prefix: "x", stop, stream })).text();
      const last = stream ? eventsOf(answer).at(-1) : (JSON.parse(answer) as unknown);
      expect(infillAnswerSchema.parse(last)).toMatchObject({
        ...{ stop: true, stop_type: "word", stopping_word: ";" },
      });
    }
    const openAi = await post("/v1/completions", { prompt: "x", stop });
    expect(openAiAnswerSchema.parse(await openAi.json()).choices[0]?.finish_reason).toBe("stop");
  });

  it("ends a line that takes too long where the client says so", async () => {
    const { post } = await startTestApi({
      onAsked({ token, signal }) {
        const write = (): void => {
          if (signal.aborted) return;
          token("x\n");
          setTimeout(write, 1);
        };
        write();
      },
    });
    const response = await post("/infill", { input_prefix: "a", t_max_predict_ms: 5 });
    expect(await response.json()).toMatchObject({ stop: true, stop_type: "limit" });
  });

  it("lists the model in use", async () => {
    const { get } = await startTestApi();
    expect(await (await get("/v1/models")).json()).toMatchObject({ data: [{ id: "Test" }] });
  });

  it("a client that goes away ends its generation, streamed or not", async () => {
    const asked: Asked[] = [];
    const { post } = await startTestApi({ onAsked: (each) => void asked.push(each) });
    for (const stream of [true, false]) {
      const abort = new AbortController();
      const answer = post("/v1/completions", { prompt: "a", stream }, {}, abort.signal);
      answer.catch(() => undefined);
      await until(() => asked.length === (stream ? 1 : 2));
      asked.at(-1)?.token("x");
      if (stream) await answer;
      abort.abort();
      await until(() => asked.at(-1)?.signal.aborted === true);
    }
  });

  it("lets so many run, has as many wait, and sends the others away with a time", async () => {
    const asked: Asked[] = [];
    const { post } = await startTestApi({
      settings: { "http.maxRequests": 2 },
      onAsked: (each) => void asked.push(each),
    });
    const answers = Array.from({ length: 6 }, () => post("/complete", { prompt: "a" }));
    const statuses: number[] = [];
    for (const answer of answers) {
      void answer.then((response) => {
        statuses.push(response.status);
        if (response.status === 503) {
          expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
        }
      });
    }
    await until(() => statuses.length === 2);
    expect(statuses).toEqual([503, 503]);
    expect(asked.length).toBe(2);
    for (let done = 0; done < 4; done++) {
      await until(() => asked.length > done);
      asked[done]?.finish();
    }
    await until(() => statuses.length === 6);
    expect(statuses.filter((status) => status === 200).length).toBe(4);
  });

  it("what takes too long is given up, in a stream by an event", async () => {
    const { post } = await startTestApi({ limits: { requestMs: 30 }, onAsked: () => undefined });
    const plain = await post("/complete", { prompt: "a" });
    expect(plain.status).toBe(503);
    expect(plain.headers.get("retry-after")).not.toBeNull();
    expect(await plain.json()).toMatchObject({ error: { code: "TIMEOUT_ERROR" } });
    const streamed = await (await post("/v1/completions", { prompt: "a", stream: true })).text();
    expect(eventsOf(streamed)).toMatchObject([{ error: { code: "TIMEOUT_ERROR" } }]);
  });

  it("a model that is not there in time is 503 with a time", async () => {
    const { post } = await startTestApi({ state: { kind: "starting" }, limits: { modelMs: 10 } });
    const response = await post("/complete", { prompt: "a" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  it("writes a line of the log for each request, without bodies and keys", async () => {
    const { post, get, records } = await startTestApi();
    await post("/complete?x=secret", { prompt: "secret" });
    await get("/secret");
    await until(() => records.length === 2);
    expect(records[0]).toMatchObject({
      message: "API request",
      fields: { requestId: "test-1", route: "POST /complete", status: 200, tokensUsed: 8 },
    });
    expect(records[1]).toMatchObject({
      fields: { route: "GET other", status: 404, code: "API_NOT_FOUND" },
    });
    expect(JSON.stringify(records)).not.toContain("secret");
  });

  it("describes every route in an OpenAPI document", async () => {
    const { get } = await startTestApi();
    const page = (await (await get("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(page.openapi).toBe("3.1.0");
    expect(Object.keys(page.paths).sort()).toEqual(
      [
        ...["/complete", "/generate", "/health", "/infill", "/openapi.json", "/review", "/stats"],
        ...["/v1/completions", "/v1/models", "/workflow"],
      ].sort(),
    );
    expect(JSON.stringify(page.paths["/complete"])).toContain("max_tokens");
  });
});
