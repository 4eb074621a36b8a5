import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reviewResultSchema, ruleIds, type ReviewFinding } from "../../server/protocol/review.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startStdioClient, type StdioClient } from "../support/stdioClient.ts";

const line = "  if (first.length > limit && first.length > limit) return false;";
const code = `export function isShort(first: string, limit: number): boolean {\n${line}\n  return true;\n}\n`;
const rule = "starcoder/same-operands";
/** Findings of this rule need no opinion of the model; nothing else is to stand in their place. */
const onlyRule = {
  minConfidence: 0,
  rules: Object.fromEntries(ruleIds.filter((id) => id !== rule).map((id) => [id, false])),
};

interface Drawn {
  readonly uri: string;
  readonly diagnostics: readonly { readonly code: string; readonly range: { start: object } }[];
}
interface Action {
  readonly title: string;
  readonly kind: string;
  readonly edit?: { documentChanges: { textDocument: object; edits: { newText: string }[] }[] };
  readonly command?: { readonly command: string; readonly arguments: unknown[] };
}

describe("findings in an editor, from the language server over stdio", () => {
  let home: ProcessHome;
  let client: StdioClient;
  let documents = 0;

  beforeAll(async () => {
    home = createProcessHome();
    client = startStdioClient(home.path);
    await client.initialize({
      initializationOptions: { review: onlyRule },
      capabilities: {
        workspace: { workspaceEdit: { documentChanges: true } },
        textDocument: {
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
          hover: { contentFormat: ["markdown", "plaintext"] },
        },
      },
    });
  });
  afterAll(async () => {
    await client.close();
    home.remove();
  });

  /** What is drawn of a document, each time that it changed. */
  function drawings(uri: string): Drawn[] {
    return client.received.flatMap(({ method, params }) => {
      const drawn = params as Drawn;
      return method === "textDocument/publishDiagnostics" && drawn.uri === uri ? [drawn] : [];
    });
  }

  /** Places of the rule's findings the next time that something is drawn after an act. */
  async function placesAfter(uri: string, act: () => unknown): Promise<object[]> {
    const before = drawings(uri).length;
    const seen = client.seen(() => drawings(uri).length > before);
    await act();
    await seen;
    const drawn = drawings(uri)[before]?.diagnostics ?? [];
    return drawn.filter((each) => each.code === rule).map(({ range }) => range.start);
  }

  function open(text = code, uri = `file:///project/find/file${(documents += 1)}.ts`): string {
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text },
    });
    return uri;
  }

  function edit(uri: string, text: string, version = 2): void {
    client.notify("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  /** An open document whose finding is drawn. */
  async function reviewed(): Promise<{ uri: string; finding: ReviewFinding }> {
    const uri = open();
    const answer = await client.request("starcoder/review", { uri });
    const { findings } = reviewResultSchema.parse(answer.result);
    const finding = findings.find((each) => each.rule === rule);
    if (finding === undefined) throw new Error("The rule found nothing.");
    return { uri, finding };
  }

  async function actionsOn(uri: string, only?: string[]): Promise<Action[]> {
    const place = { line: 1, character: 6 };
    const answer = await client.request("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: place, end: place },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    return answer.result as Action[];
  }

  it("stand where the code is, move with it and go with it", async () => {
    const { uri, finding } = await reviewed();
    expect(finding.range.start.line).toBe(1);
    expect(await placesAfter(uri, () => edit(uri, `// above\n${code}`))).toMatchObject([
      { line: 2 },
    ]);
    expect(await placesAfter(uri, () => edit(uri, code.replace(line, ""), 3))).toEqual([]);
  });

  it("explain themselves in a hover, and only where they stand", async () => {
    const { uri } = await reviewed();
    const hoverAt = async (where: number) => {
      const position = { line: where, character: 8 };
      return (await client.request("textDocument/hover", { textDocument: { uri }, position }))
        .result as { contents: { kind: string; value: string } } | null;
    };
    const hover = await hoverAt(1);
    expect(hover?.contents.kind).toBe("markdown");
    expect(hover?.contents.value).toContain(rule);
    expect(await hoverAt(3)).toBeNull();
  });

  it("are silenced by the comment that an action writes, for the version that is open", async () => {
    const { uri } = await reviewed();
    const action = (await actionsOn(uri)).find(({ title }) => title.includes("this line"));
    const [change] = action?.edit?.documentChanges ?? [];
    expect(change?.textDocument).toEqual({ uri, version: 1 });
    const comment = change?.edits[0]?.newText ?? "";
    const silenced = code.replace(line, `${comment}${line}`);
    expect(await placesAfter(uri, () => edit(uri, silenced))).toEqual([]);
  });

  it("go when they are dismissed by the command of their action, and come when all are restored", async () => {
    const { uri } = await reviewed();
    const action = (await actionsOn(uri)).find(({ title }) => title.includes("Dismiss"));
    const command = action?.command;
    expect(
      await placesAfter(uri, () => client.request("workspace/executeCommand", command)),
    ).toEqual([]);
    const restored = () => client.request("starcoder/dismiss", { restore: "all" });
    expect(await placesAfter(uri, restored)).toMatchObject([{ line: 1 }]);
  });

  it("offer no rule to be turned off to a client without that command, and no fixes unasked", async () => {
    const { uri } = await reviewed();
    const actions = await actionsOn(uri);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter(({ title }) => title.startsWith("Turn"))).toEqual([]);
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(["quickfix"]));
    expect(await actionsOn(uri, ["source"])).toEqual([]);
  });

  it("are taken away when the document is closed", async () => {
    const { uri } = await reviewed();
    const close = () => client.notify("textDocument/didClose", { textDocument: { uri } });
    expect(await placesAfter(uri, close)).toEqual([]);
    expect(drawings(uri).at(-1)?.diagnostics).toEqual([]);
  });

  it("follow their file to another folder", async () => {
    const { uri } = await reviewed();
    const renamed = uri.replace("/find/", "/found/");
    const moved = await placesAfter(renamed, () => {
      client.notify("textDocument/didClose", { textDocument: { uri } });
      open(code, renamed);
      client.notify("workspace/didRenameFiles", {
        files: [{ oldUri: uri, newUri: renamed }],
      });
    });
    expect(moved).toMatchObject([{ line: 1 }]);
    expect(drawings(uri).at(-1)?.diagnostics).toEqual([]);
  });

  it.each([
    ["the client deletes it", "workspace/didDeleteFiles", (uri: string) => ({ files: [{ uri }] })],
    [
      "it is deleted outside",
      "workspace/didChangeWatchedFiles",
      (uri: string) => ({ changes: [{ uri, type: 3 }] }),
    ],
  ])("go with their file when %s", async (_, method, params) => {
    const { uri } = await reviewed();
    expect(await placesAfter(uri, () => client.notify(method, params(uri)))).toEqual([]);
    expect((await client.request("starcoder/findings", { uri })).result).toBeNull();
  });

  it("go when their rule is turned off, and come back with it", async () => {
    const { uri } = await reviewed();
    const configure = (review: object) => () =>
      client.notify("workspace/didChangeConfiguration", { settings: { review } });
    expect(await placesAfter(uri, configure({ ...onlyRule, rules: { [rule]: false } }))).toEqual(
      [],
    );
    expect(await placesAfter(uri, configure(onlyRule))).toMatchObject([{ line: 1 }]);
  });
});
