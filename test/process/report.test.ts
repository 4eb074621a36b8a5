import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import { errorRecordSchema, reportRecordSchema } from "../../server/protocol/records.ts";
import { runCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

const facts: EditorFacts = {
  editor: { name: "Editor", version: "1.2.3" },
  extensionVersion: "0.1.0",
  side: "local",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: "on",
  completionExtensions: [],
  settings: {
    "log.level": "debug",
    "remote.endpoints": [{ url: "http://u:planted-url@127.0.0.1:9/", keyVariable: "ODD_NAME" }],
  },
  server: { state: "failed" },
};

describe("starcoder report", { timeout: 90_000 }, () => {
  let home: ProcessHome;
  beforeAll(() => {
    home = createProcessHome();
    mkdirSync(join(home.path, "logs"));
    const time = new Date().toISOString();
    const record = {
      ...{ time, level: "error", service: "server", message: "failed", code: "HOST_DIED" },
      ...{ stack: "Error: planted-log password=planted-pair\n    at x", prompt: "planted-source" },
    };
    writeFileSync(join(home.path, "logs", "server-1.jsonl"), `${JSON.stringify(record)}\n`);
  });
  afterAll(() => home.remove());

  const run = (args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}) =>
    runCli(["report", ...args], { home: home.path, input, env });

  it("is one page with the editor's facts, and a zip, without what was planted", async () => {
    const zip = join(home.path, "report.zip");
    const env = { PLANTED_TOKEN: "planted-log", ODD_NAME: "planted-odd" };
    const args = ["--json", "--zip", zip, "--facts", "-"];
    const { code, stdout } = await run(args, JSON.stringify(facts), env);
    expect(code).toBe(0);
    const record = reportRecordSchema.parse(JSON.parse(stdout));
    expect(record.zip).toBe(zip);
    expect(record.redactions).toBeGreaterThan(1);
    expect(record.markdown).toContain("Editor 1.2.3");
    expect(record.markdown).toContain('"log.level": "debug"');
    expect(record.markdown).toContain("Test completion");
    const files = unzipSync(readFileSync(zip));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(["report.md", "logs/server-1.jsonl"]),
    );
    const all = Object.values(files)
      .map((bytes) => strFromU8(bytes))
      .join("\n");
    expect(stdout + all).not.toMatch(/planted-/);
  });

  it("packs the page that the user has looked over, redacted again, and writes none", async () => {
    const page = join(home.path, "mine.md");
    const zip = join(home.path, "mine-page.zip");
    writeFileSync(page, "# Mine\n\nAuthorization: Bearer planted-by-hand\n");
    const { code, stdout } = await run(["--json", "--zip", zip, "--page", page]);
    expect(code).toBe(0);
    const record = reportRecordSchema.parse(JSON.parse(stdout));
    expect(record.markdown).toMatch(/^# Mine\n/);
    const files = unzipSync(readFileSync(zip));
    expect(strFromU8(files["report.md"] ?? new Uint8Array())).toBe(record.markdown);
    expect(Object.keys(files)).toContain("logs/server-1.jsonl");
    expect(record.markdown).not.toContain("planted-by-hand");
    expect((await run(["--page", page])).code).toBe(2);
    const missing = await run(["--json", "--zip", join(home.path, "no.zip"), "--page", `${page}x`]);
    expect(missing.code).toBe(3);
  });

  it("replaces no zip file unless told to, and says so before it begins", async () => {
    const zip = join(home.path, "mine.zip");
    writeFileSync(zip, "mine");
    const { code, stdout } = await run(["--zip", zip, "--json"]);
    expect(code).toBe(3);
    expect(errorRecordSchema.parse(JSON.parse(stdout)).error.code).toBe("VALIDATION_ERROR");
    expect(readFileSync(zip, "utf8")).toBe("mine");
  });

  it("is made in a home that cannot be written, and names that", async () => {
    const blocked = join(home.path, "blocked");
    writeFileSync(blocked, "no folder");
    const { code, stdout } = await run([], undefined, { STARCODER_HOME: blocked });
    expect(code).toBe(0);
    expect(stdout).toContain("HOME_NOT_WRITABLE");
    expect(stdout).toContain("log folder cannot be read");
  });

  it("refuses facts that are none", async () => {
    const { code, stderr } = await run(["--facts", "-"], "{");
    expect(code).toBe(3);
    expect(stderr).toContain("VALIDATION_ERROR");
    expect(existsSync(join(home.path, "{"))).toBe(false);
  });
});
