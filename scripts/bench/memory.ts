import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostsOf, stopHosts } from "../stopHosts.ts";
import { startLanguageServer, type LanguageServer } from "./languageServer.ts";

const documents = [
  {
    uri: "file:///bench/a.ts",
    languageId: "typescript",
    text: "function area(box: Box): number {\n  return ",
  },
  { uri: "file:///bench/b.js", languageId: "javascript", text: "function area(box) {\n  return " },
  { uri: "file:///bench/c.py", languageId: "python", text: "def area(box):\n    return " },
];

/** Resident memory of a server after 100 requests in three languages, and of the host behind ten. */
export async function measureMemory(print: (line: string) => void): Promise<void> {
  if (process.platform !== "linux") {
    print("  SKIPPED memory: resident sizes are read from /proc, which this system lacks");
    return;
  }
  const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const servers: LanguageServer[] = [];
  try {
    const first = await startLanguageServer(home);
    servers.push(first);
    await request(first, 100);
    print(`  server after 100 requests, 3 grammars: ${residentMiB(first.pid)} MiB (bar: 130)`);
    print(`  one server: ${await describeHosts(home)}`);
    for (let count = 1; count < 10; count += 1) {
      const next = await startLanguageServer(home);
      servers.push(next);
      await request(next, 3);
    }
    print(`  ten servers: ${await describeHosts(home)}`);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await stopHosts(home);
    rmSync(home, { recursive: true, force: true });
  }
}

async function request(server: LanguageServer, count: number): Promise<void> {
  for (const { uri, languageId, text } of documents) await server.open(uri, languageId, text);
  let version = 1;
  for (let index = 0; index < count; index += 1) {
    const document = documents[index % documents.length];
    if (document === undefined) continue;
    const lines = document.text.split("\n");
    const last = (lines.at(-1) ?? "").length;
    const key = String.fromCharCode(97 + (index % 26));
    version += 1;
    await server.insert(document.uri, version, 1, last, key);
    await server.complete(document.uri, 1, last + 1, true).catch(() => []);
  }
}

async function describeHosts(home: string): Promise<string> {
  const hosts = await hostsOf(home);
  const sizes = hosts.map((pid) => `${residentMiB(pid)} MiB`).join(", ");
  return `${hosts.length} host (bar: 1), resident ${sizes}`;
}

function residentMiB(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return (kibibytes / 1024).toFixed(1);
}
