import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopHosts } from "../stopHosts.ts";
import { startLanguageServer } from "./languageServer.ts";
import { describeMilliseconds } from "./percentile.ts";

const sample = `function add(left, right) {\n  return left + right;\n}\n\nfunction multiply(left, right) {\n  return `;

/** From the spawn of `dist/server.mjs` to its first suggestion, with no host running. */
export async function measureStartUp(print: (line: string) => void, rounds = 5): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
    const start = performance.now();
    const server = await startLanguageServer(home);
    await server.open("file:///bench/start.js", "javascript", sample);
    while (
      (await server.complete("file:///bench/start.js", 5, 9, true).catch(() => [])).length === 0
    ) {
      if (performance.now() - start > 30_000) throw new Error("no suggestion within 30 s");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    times.push(performance.now() - start);
    await server.stop();
    await stopHosts(home);
    rmSync(home, { recursive: true, force: true });
  }
  print(
    `  spawn to first suggestion: ${describeMilliseconds(times)} (${rounds} starts; bar: 2500 ms)`,
  );
}
