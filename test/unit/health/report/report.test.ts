import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, strFromU8 } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReport, type ReportSources } from "../../../../server/health/report/report.ts";
import { saveZip } from "../../../../server/health/report/saveZip.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { EditorFacts } from "../../../../server/protocol/editorFacts.ts";
import type { DoctorReport } from "../../../../server/protocol/records.ts";

const facts: EditorFacts = {
  editor: { name: "Some Editor", version: "1.2.3" },
  extensionVersion: "0.1.0",
  side: "wsl",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: "on",
  completionExtensions: [{ id: "other.completer", name: "Other", active: true }],
  settings: {},
  server: { state: "running" },
};

const doctor: DoctorReport = {
  ...{ ok: false, full: false, time: "2026-01-01T00:00:00.000Z", version: "0.1.0" },
  platform: "linux x64",
  checks: [
    {
      ...{ name: "gpu", title: "GPU", group: "machine", status: "failed", why: "Speed." },
      ...{ message: "No | device `x`", code: "BACKEND_UNAVAILABLE", remedy: "Install a driver." },
      ...{ fixes: [], durationMs: 1 },
    },
  ],
};

describe("the report", () => {
  let folder: string;
  let logs: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starcoder-report-"));
    logs = join(folder, "logs");
    mkdirSync(logs);
  });
  afterEach(() => {
    chmodSync(logs, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, ...lines: (string | Readonly<Record<string, unknown>>)[]): void {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    writeFileSync(join(logs, name), `${text.join("\n")}\n`);
  }
  let seconds = 0;
  const record = (fields: Readonly<Record<string, unknown>> = {}) => ({
    time: new Date(Date.UTC(2026, 0, 1) + 1000 * (seconds += 1)).toISOString(),
    ...{ level: "info", service: "completion", message: "completion", pid: 7, ...fields },
  });
  const report = (more: Partial<ReportSources> = {}) =>
    createReport({
      ...{ version: "0.1.0", productRoot: folder, logFolder: logs },
      modelPath: "/home/ann/models/big.gguf",
      now: new Date(0),
      runDoctor: () => Promise.resolve(doctor),
      readStats: () => {
        throw new Error("no statistics");
      },
      engine: () => ({ kind: "failed", error: new CodedError("HOST_DIED", "Signal 9.") }),
      privateFacts: { userFolder: "/home/ann", userName: "ann", secrets: ["planted-environment"] },
      ...more,
    });
  const section = (markdown: string, title: string): string =>
    markdown.split(/^## /m).find((part) => part.startsWith(title)) ?? "";

  it("has versions, diagnosis, settings, errors, log, and places to fill in", async () => {
    write(
      "server-7.jsonl",
      record(),
      record({ level: "error", code: "HOST_DIED", stack: "Error: x\n    at y" }),
    );
    const { markdown } = await report({ facts: { ...facts, settings: { backend: "cuda" } } });
    expect(section(markdown, "What happened")).toMatch(
      /### Steps[^]*### Expected[^]*### Actual[^]*### Already tried/,
    );
    expect(section(markdown, "Environment")).toContain("Some Editor 1.2.3, wsl");
    expect(section(markdown, "Environment")).toContain("other.completer");
    expect(section(markdown, "Environment")).toContain("failed: HOST_DIED");
    expect(section(markdown, "Diagnosis")).toContain(
      "| **failed** | GPU | No \\| device `x` (BACKEND_UNAVAILABLE) | Install a driver. |",
    );
    expect(section(markdown, "Settings")).toContain('"backend": "cuda"');
    expect(section(markdown, "Recent errors")).toContain("Error: x\n    at y");
    expect(section(markdown, "Statistics")).toContain("Not available");
    expect(section(markdown, "Log")).toContain("info  completion[7] completion");
  });

  it("tells only of settings that differ from the defaults", async () => {
    const settings = { backend: "auto", languages: { "*": true }, "completion.maxTokens": 12 };
    const { markdown } = await report({ facts: { ...facts, settings } });
    const shown = section(markdown, "Settings");
    expect(shown).toContain('"completion.maxTokens": 12');
    expect(shown).not.toMatch(/backend|languages/);
  });

  it("holds no secret that was planted in settings, logs or environment", async () => {
    write(
      "server-7.jsonl",
      record({
        ...{ level: "error", detail: "Bearer planted-bearer-1", stack: "at /home/ann/planted" },
        ...{ note: "hf_plantedplanted https://u:planted-url@x.org planted-environment" },
        ...{ apiKey: "planted-field", nested: { password: "planted-nested" } },
      }),
      '{"level":"error","password":"planted-broken',
    );
    write("host-abc.log", "llama: token=planted-output", "/home/bob/x");
    const {
      markdown,
      logs: files,
      redactions,
    } = await report({
      facts: {
        ...facts,
        settings: {
          apiKey: "planted-key",
          "remote.endpoints": [
            { url: "https://u:planted-endpoint@x.org/?key=planted-query", token: "planted-token" },
          ],
          auth: { list: ["planted-list"] },
          "model.path": "/home/ann/models/x.gguf",
        },
      },
    });
    const all = [markdown, ...files.map(({ text }) => text)].join("\n");
    expect(all).not.toMatch(/planted-|hf_planted|\/home\/ann|\/home\/bob/);
    expect(all).toContain("[redacted]");
    expect(section(markdown, "Settings")).toContain('"model.path": "~/models/x.gguf"');
    expect(redactions).toBeGreaterThan(5);
  });

  it("holds no part of a secret where a long line or the end of a file is cut", async () => {
    const long = record({ level: "warn", note: "" });
    for (let length = 380; length < 560; length += 5) {
      write("server-7.jsonl", { ...long, note: `${"x ".repeat(length / 2)}planted-environment` });
      const { markdown } = await report();
      expect(markdown).not.toContain("planted");
    }
    const output = `token=planted-output${"-planted".repeat(40_000)}\nlast line\n`;
    writeFileSync(join(logs, "host-abc.log"), output);
    const { logs: files } = await report();
    expect(files.find(({ name }) => name === "host-abc.log")?.text).toBe("last line\n");
  });

  it("moves no cursor of whoever prints it", async () => {
    write(
      "server-7.jsonl",
      record({ level: "error", message: "\u001b[2Jgone", stack: "\u001b]0;x" }),
    );
    const { markdown } = await report();
    expect(markdown).toContain("[2Jgone");
    expect(markdown).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("holds no source text, though the logs do", async () => {
    write("server-7.jsonl", record({ prompt: "const planted = 1;", suggestion: "planted()" }));
    const { markdown, logs: files } = await report();
    expect(markdown + files.map(({ text }) => text).join()).not.toContain("planted");
  });

  it("merges the files by time, the last lines of each kind", async () => {
    const records = Array.from({ length: 300 }, (_, count) =>
      record({ count, level: count % 2 === 0 ? "info" : "warn" }),
    );
    write("server-7.jsonl", ...records.filter((_, index) => index % 3 === 0));
    write("host-8.jsonl", ...records.filter((_, index) => index % 3 !== 0));
    const { markdown } = await report();
    const [important = "", all = ""] = section(markdown, "Log").split("All levels");
    const counts = (text: string) => [...text.matchAll(/count=(\d+)/g)].map(([, n]) => Number(n));
    expect(counts(important)).toEqual(Array.from({ length: 100 }, (_, i) => 101 + 2 * i));
    expect(counts(all)).toEqual(Array.from({ length: 40 }, (_, i) => 260 + i));
  });

  it("counts repeated errors instead of listing them", async () => {
    const failures = Array.from({ length: 30 }, () =>
      record({ level: "error", code: "HOST_DIED" }),
    );
    write("server-7.jsonl", ...failures);
    const { markdown } = await report();
    expect(section(markdown, "Recent errors")).toContain("(HOST_DIED) 30 times");
  });

  it("cannot be closed by a fence in the logs", async () => {
    write("server-7.jsonl", record({ detail: "``` \n# Not a title" }));
    const { markdown } = await report();
    expect(section(markdown, "Log")).toContain("\n````\n");
  });

  it("is made although nothing works, and says so", async () => {
    const { markdown } = await report({
      logFolder: join(folder, "gone"),
      runDoctor: () => Promise.reject(new Error("the doctor is ill")),
    });
    expect(section(markdown, "Diagnosis")).toContain("the doctor is ill");
    expect(section(markdown, "Log")).toMatch(/log folder cannot be read: ENOENT/);
    expect(section(markdown, "Settings")).toContain("only the editor knows");
  });

  it("reads what can be read of damaged logs", async () => {
    mkdirSync(join(logs, "folder-1.jsonl"));
    write(
      "server-7.jsonl",
      '{"time":',
      record({ detail: "whole" }),
      "\0\0\0",
      "[]",
      '{"time":"x"}',
    );
    const { markdown } = await report();
    expect(section(markdown, "Log")).toContain("Lines that are no records: 4.");
    expect(section(markdown, "Log")).toContain("folder-1.jsonl");
    expect(section(markdown, "Log")).toContain('detail="whole"');
  });

  it("reads only the end of a large log", async () => {
    const line = JSON.stringify(record({ detail: "x".repeat(1000) }));
    writeFileSync(join(logs, "server-7.jsonl"), `${line}\n`.repeat(5000));
    const { markdown, logs: files } = await report();
    expect(section(markdown, "Log")).not.toContain("no records");
    expect(files[0]?.text.length).toBeLessThan(300_000);
  });

  describe("as a zip file", () => {
    it("holds the page and the ends of the logs, for the user alone", async () => {
      write("server-7.jsonl", record());
      const made = await report();
      const path = join(folder, "report.zip");
      saveZip(path, made, { force: false });
      const files = unzipSync(readFileSync(path));
      expect(Object.keys(files)).toEqual(["report.md", "logs/server-7.jsonl"]);
      expect(strFromU8(files["report.md"] ?? new Uint8Array())).toBe(made.markdown);
      if (process.platform !== "win32") expect(statSync(path).mode & 0o077).toBe(0);
    });

    it("replaces nothing unless told to", async () => {
      const path = join(folder, "report.zip");
      writeFileSync(path, "mine");
      const made = await report();
      expect(() => saveZip(path, made, { force: false })).toThrow("is there already");
      expect(readFileSync(path, "utf8")).toBe("mine");
      saveZip(path, made, { force: true });
      expect(Object.keys(unzipSync(readFileSync(path)))).toEqual(["report.md"]);
    });

    it("says why it cannot be written", async () => {
      const path = join(folder, "gone", "report.zip");
      const made = await report();
      expect(() => saveZip(path, made, { force: false })).toThrow("ENOENT");
      expect(existsSync(path)).toBe(false);
    });
  });
});
