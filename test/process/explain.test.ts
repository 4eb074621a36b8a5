import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  explainSchema,
  promptsRecordSchema,
  type Explain,
  type PromptRecord,
} from "../../server/protocol/explain.ts";
import { runCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { startStdioClient, type Message } from "../support/stdioClient.ts";

const code = [
  "// Adds numbers.",
  "export function add(first: number, second: number): number {",
  "  return first +",
  "}",
  "",
  "export function largest(values: number[]): number {",
  "  let found = 0;",
  "  for (let i = 0; i <= values.length; i++) if (values[i] > found) found = values[i];",
  "  return found;",
  "}",
  "",
].join("\n");

const codeOf = (message: Message) =>
  (message.error?.data as { readonly code?: string } | undefined)?.code;
/**
 * What depends neither on the time it took, on what the host remembers, nor on the pieces in which a busy host read the prompt:
 * those move probabilities in their last digits.
 */
const stable = ({ steps }: Explain) =>
  steps
    // A parser that runs out of time on a busy machine does not know the kind of place.
    .filter(({ name }) => !["times", "prompt", "position"].includes(name))
    .map(({ name, outcome, detail }) => {
      const isMeasured = name === "generation" || name === "gate";
      const seen = isMeasured ? detail.replaceAll(/-?\d+(\.\d+|%)/g, "N") : detail;
      return `${name} ${outcome} ${seen}`;
    });

describe("explain and prompt, on the bundled model", () => {
  let home: ProcessHome;
  let folder: string;

  beforeAll(() => {
    home = createProcessHome();
    folder = join(home.path, "files");
    mkdirSync(folder);
  });
  afterAll(() => home.remove());

  function write(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  async function run(...args: string[]) {
    const { code, ...said } = await runCli(args, { home: home.path, cwd: folder });
    return { status: code, ...said };
  }

  async function explain(...args: string[]): Promise<Explain> {
    const { status, stdout } = await run("explain", ...args, "--json");
    expect(status).toBe(0);
    return explainSchema.parse(JSON.parse(stdout));
  }

  it("takes the same steps by the command line and by the language server", async () => {
    const file = write("add.ts", code);
    const byCommand = await explain(`${file}:3:17`);
    const client = startStdioClient(home.path);
    await client.initialize({ capabilities: { workspace: { workspaceFolders: true } } });
    const uri = pathToFileURL(file).href;
    await client.seen(({ params }) => (params as { state?: string } | undefined)?.state === "ok");
    const asked = () =>
      client.request("starcoder/explain", { uri, position: { line: 2, character: 16 } });
    const { result } = await asked();
    const byServer = explainSchema.parse(result);
    expect(stable(byServer)).toEqual(stable(byCommand));
    const names = ({ steps }: Explain) => steps.map(({ name }) => name);
    expect(names(byServer)).toEqual(names(byCommand));
    expect(byServer.summary).toBe(byCommand.summary);
    expect(byServer.prompt).toEqual(byCommand.prompt);
    expect(byServer.generated?.text).toBe(byCommand.generated?.text);
    expect(byServer.command).toBe(`starcoder explain ${file}:3:17`);
    // A busy host may not say in time what it cost.
    const { usage } = byServer;
    if (usage !== undefined) {
      expect(byServer.prompt?.totalTokens).toBe(usage.evaluatedTokens + usage.reusedTokens);
    }
    await client.close();
  });

  it("shows by hand what is kept back from a key, and says so", async () => {
    const file = write("kept.ts", code);
    const automatic = await explain(`${file}:3:17`);
    const invoked = await explain(`${file}:3:17`, "--trigger", "invoked");
    expect(invoked.suggestion).toMatch(/\S/);
    expect(invoked.summary).toContain("The suggestion here is");
    if (automatic.suggestion === null) {
      expect(automatic.reason).toBe("gated");
      expect(automatic.gate?.probability).toBeLessThan(automatic.gate?.threshold ?? 0);
    }
    const { stdout } = await run("explain", `${file}:3:17`);
    expect(stdout).toContain("Worth showing");
    expect(stdout).toContain("again  starcoder explain");
  });

  it("names files that are excluded, without their text", async () => {
    const record = await explain(`${write(".env", "TOKEN=hunter2\n")}:1:7`);
    expect(record).toMatchObject({ reason: "excluded", suggestion: null });
    expect(JSON.stringify(record)).not.toContain("hunter2");
    expect((await explain(`${write("a.bin", "\0\0")}:1:1`)).reason).toBe("excluded");
  });

  it("explains without a model why there is none, with its code", async () => {
    const file = write("add.ts", code);
    const missing = join(folder, "no.gguf");
    const { status, stdout, stderr } = await run(
      "explain",
      `${file}:1:1`,
      "--model",
      missing,
      "--json",
    );
    expect(status).toBe(3);
    expect(stderr).toContain("MODEL_");
    const parsed: unknown = JSON.parse(stdout);
    expect(JSON.stringify(parsed)).toContain("MODEL_");
  });

  it.each([
    ["no.ts:1:1", "DOCUMENT_UNSUPPORTED"],
    ["add.ts:99:1", "POSITION_INVALID"],
    ["add.ts:1:999", "POSITION_INVALID"],
  ])("%s is %s", async (place, expected) => {
    write("add.ts", code);
    for (const command of [["explain"], ["prompt", "completion"]]) {
      const { status, stderr } = await run(...command, place);
      expect(status).toBe(3);
      expect(stderr).toContain(expected);
    }
  });

  it.each([
    [["explain"]],
    [["explain", "add.ts:1:1", "--trigger", "magic"]],
    [["prompt"]],
    [["prompt", "completion", "add.ts:1:1", "--raw", "--json"]],
    [["prompt", "review", "add.ts", "--lines", "9-2"]],
    [["prompt", "review", "add.ts", "--lines", "1-2", "--changed"]],
  ])("%j is wrong usage", async (args) => {
    write("add.ts", code);
    expect((await run(...args)).status).toBe(2);
  });

  it("answers a server's bad requests with their codes", async () => {
    const client = startStdioClient(home.path);
    await client.initialize();
    const position = { line: 0, character: 0 };
    const ask = async (params: unknown) =>
      codeOf(await client.request("starcoder/explain", params));
    expect(await ask({ uri: "untitled:One", position })).toBe("DOCUMENT_UNSUPPORTED");
    expect(await ask({ uri: "not a uri", position })).toBe("DOCUMENT_UNSUPPORTED");
    expect(await ask({ uri: "file:///no/such/file.ts", position })).toBe("DOCUMENT_UNSUPPORTED");
    expect(await ask({ uri: 5 })).toBe("VALIDATION_ERROR");
    expect(await ask(null)).toBe("VALIDATION_ERROR");
    const uri = "untitled:Two";
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: "const a = 1;\n" },
    });
    expect(await ask({ uri, position: { line: 9, character: 0 } })).toBe("POSITION_INVALID");
    expect(await ask({ uri, position: { line: 0, character: 99 } })).toBe("POSITION_INVALID");
    expect(await ask({ uri, position: { line: 1, character: 0 } })).toBeUndefined();
    await client.close();
  });

  it("prints the prompt as it is sent, readable, as JSON and as it is", async () => {
    const file = write("add.ts", code);
    const sent = (await explain(`${file}:3:17`)).prompt;
    const printed = await run("prompt", "completion", `${file}:3:17`, "--json");
    const { prompts } = promptsRecordSchema.parse(JSON.parse(printed.stdout));
    const [prompt] = prompts;
    expect(prompt).toEqual({ ...sent, title: `${file}:3:17` });
    const raw = await run("prompt", "completion", `${file}:3:17`, "--raw");
    expect(raw.stdout).toBe(textOf(prompt));
    const text = await run("prompt", "completion", `${file}:3:17`);
    expect(text.stdout).toContain("── <fim_middle> · marker of prefix, 1 token");
    expect(text.stdout).toContain(`${String(prompt?.totalTokens)} of at most`);
  });

  it("prints the prompts of a review, of all or of some lines, and remembers nothing", async () => {
    const file = write("add.ts", code);
    const read = async (...flags: string[]) => {
      const { status, stdout } = await run("prompt", "review", file, "--json", ...flags);
      expect(status).toBe(0);
      return promptsRecordSchema.parse(JSON.parse(stdout)).prompts;
    };
    const all = await read();
    expect(all.length).toBeGreaterThan(0);
    expect(all.map(textOf).join("\n")).toContain("values[i] > found");
    expect(all.every(({ purpose, totalTokens }) => purpose === "review" && totalTokens > 0)).toBe(
      true,
    );
    const some = await read("--lines", "6-10");
    expect(some.map(({ title }) => title)).toEqual(["add.ts:6-10"]);
    expect(await read()).toEqual(all);
  });
});

function textOf(prompt: PromptRecord | undefined): string {
  return (prompt?.parts ?? []).map(({ text }) => text).join("");
}
