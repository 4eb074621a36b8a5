import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  reviewResultSchema,
  reviewStateSchema,
  type ReviewState,
} from "../../server/protocol/review.ts";
import { codedErrorSchema } from "../../server/protocol/errors.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startStdioClient, type Message, type StdioClient } from "../support/stdioClient.ts";

const code = `export function total(items: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < items.length; i++) {
    sum += items[i] ?? 0;
  }
  return sum;
}
`;

describe("reviews by the language server over stdio, on the bundled model", () => {
  let home: ProcessHome;
  let client: StdioClient;
  let documents = 0;

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    await client.initialize();
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  const stateOf = ({ method, params }: Message): ReviewState | undefined =>
    method === "starcoder/reviewState" ? reviewStateSchema.parse(params) : undefined;

  /** The first state of a document, past or future, that fits. */
  async function seen(uri: string, fits: (state: ReviewState) => boolean): Promise<ReviewState> {
    const message = await client.seen((each) => {
      const state = stateOf(each);
      return state?.uri === uri && fits(state);
    });
    return reviewStateSchema.parse(message.params);
  }

  /** What was drawn of a document when its review ended. */
  function drawnAtEnd(uri: string): readonly { readonly code: string }[] {
    const end = client.received.findIndex((message) => {
      const state = stateOf(message);
      return state?.uri === uri && /done|failed|skipped/.test(state.state);
    });
    const published = client.received.slice(0, end).flatMap(({ method, params }) => {
      const drawn = params as { uri: string; diagnostics: { code: string }[] };
      return method === "textDocument/publishDiagnostics" && drawn.uri === uri ? [drawn] : [];
    });
    return published.at(-1)?.diagnostics ?? [];
  }

  const ended = (uri: string) => seen(uri, ({ state }) => /done|failed|skipped/.test(state));

  /** Opens a document, writes another text into it and saves. */
  function save(text: string, languageId = "typescript", before = code): string {
    documents += 1;
    const uri = `file:///project/src/file${documents}.ts`;
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text: before },
    });
    client.notify("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text }],
    });
    client.notify("textDocument/didSave", { textDocument: { uri } });
    return uri;
  }

  it("are made after a save, also one while the model is loading, and give a score", async () => {
    const uri = save(code.replace("i < items", "i <= items"));
    await seen(uri, ({ state }) => state === "reviewing");
    const state = await ended(uri);
    expect(state.state).toBe("done");
    expect(state.score).toBeGreaterThanOrEqual(1);
    expect(drawnAtEnd(uri)).toHaveLength(state.shown);
  });

  it("are made on request, of a whole file, and remembered", async () => {
    const uri = save(`${code}// one\n`);
    await ended(uri);
    const answer = await client.request("starcoder/review", { uri });
    const result = reviewResultSchema.parse(answer.result);
    expect(result.reviewedLines).toBeGreaterThanOrEqual(7);
    expect(result.tokensUsed).toBeGreaterThan(0);
    const known = await client.request("starcoder/findings", { uri });
    expect(reviewResultSchema.parse(known.result).score).toBe(result.score);
    await client.request("starcoder/clearReview", { uri });
    expect((await client.request("starcoder/findings", { uri })).result).toBeNull();
  });

  it.each([
    ["starcoder/review", {}, "VALIDATION_ERROR"],
    ["starcoder/review", { uri: "file:///no/such/file.ts" }, "DOCUMENT_UNSUPPORTED"],
    ["starcoder/dismiss", { uri: 1 }, "VALIDATION_ERROR"],
    ["starcoder/findings", null, "VALIDATION_ERROR"],
  ])("answer %s with %j by a coded error", async (method, params, expected) => {
    const { error } = await client.request(method, params);
    expect(codedErrorSchema.parse(error?.data).code).toBe(expected);
  });

  it("end when their request is cancelled", async () => {
    const uri = save(code);
    await ended(uri);
    const text = Array.from({ length: 40 }, (_, i) => code.replace("total", `total${i}`)).join(
      "\n",
    );
    client.notify("textDocument/didChange", {
      textDocument: { uri, version: 3 },
      contentChanges: [{ text }],
    });
    const answer = client.request("starcoder/review", { uri });
    client.notify("$/cancelRequest", { id: answer.id });
    expect((await answer).error?.code).toBe(-32800);
  });

  it.each([
    ["a syntax error", `${code}\nexport function broken( {\n`],
    [
      "a merge conflict",
      `${code}\n<<<<<<< ours\nlet a = 1;\n=======\nlet a = 2;\n>>>>>>> theirs\n`,
    ],
    [
      "other line ends, tabs and letters",
      code.replaceAll("\n", "\r\n").replaceAll("  ", "\t").replaceAll("sum", "größe"),
    ],
    ["special tokens", code.replace("0;", '"<fim_prefix><|endoftext|>".length;')],
    ["nothing", ""],
  ])("do without failing with %s in the text", async (_, text) => {
    const uri = save(text);
    const { state, scoreError } = await ended(uri);
    expect(scoreError).toBeUndefined();
    expect(state).toMatch(/done|skipped/);
  });

  it("come back, or say why not, when the host is killed under them", async () => {
    // The last function holds a finding: a half review would lack it.
    const flawed = code.replace("return sum;", "if (sum > 9 && sum > 9) return 9;\n  return sum;");
    const parts = Array.from({ length: 30 }, (_, i) => code.replace("total", `sum${i}`));
    const uri = save([...parts, flawed].join("\n"));
    await seen(uri, ({ state, total }) => state === "reviewing" && total > 0);
    for (const pid of home.hosts()) process.kill(pid, "SIGKILL");
    const state = await ended(uri);
    expect(drawnAtEnd(uri)).toHaveLength(state.shown);
    if (state.state === "failed") {
      expect(state.scoreError?.code).toMatch(/^HOST|^MODEL/);
      expect(state.score).toBeUndefined();
    } else {
      expect(state.score).toBeGreaterThanOrEqual(1);
      expect(drawnAtEnd(uri).map((each) => each.code)).toContain("starcoder/same-operands");
    }
  });
});
