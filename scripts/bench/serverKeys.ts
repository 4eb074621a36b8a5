import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInstantHost } from "./instantHost.ts";
import { startLanguageServer } from "./languageServer.ts";
import { describeMilliseconds, percentile } from "./percentile.ts";

/**
 * Time per key outside the model: from sending the change and the request to receiving the answer,
 * with a host that answers at once, in a file of 100 lines and in one of 20,000.
 */
export async function measureServerKeys(print: (line: string) => void): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const host = await startInstantHost(home);
  const server = await startLanguageServer(home);
  try {
    const medians: number[] = [];
    for (const lines of [100, 20_000]) {
      const { times, asked } = await typeInto(server, lines, host.requests);
      medians.push(percentile(times, 0.5));
      print(
        `  ${lines} lines: ${describeMilliseconds(times)} (${times.length} keys, ${asked} model calls)`,
      );
    }
    const ratio = (medians[1] ?? NaN) / (medians[0] ?? NaN);
    print(
      `  20,000 lines over 100 lines: ${ratio.toFixed(2)} (bars: p50 at most 3 ms; ratio at most 2)`,
    );
  } finally {
    await server.stop();
    host.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function typeInto(
  server: Awaited<ReturnType<typeof startLanguageServer>>,
  lines: number,
  requests: () => number,
): Promise<{ times: number[]; asked: number }> {
  const uri = `file:///bench/${lines}.ts`;
  const text = Array.from({ length: lines }, (_, index) => lineOf(index)).join("\n");
  await server.open(uri, "typescript", text);
  const line = Math.floor(lines / 2);
  let version = 1;
  let character = 0;
  await server.insert(uri, ++version, line, 0, "\n");
  const times: number[] = [];
  const before = requests();
  const typed = "const total = left.width + right.width * scaleOf(item) - border(12, 7);";
  for (let round = 0; round < 4; round += 1) {
    for (const key of typed) {
      const start = performance.now();
      await server.insert(uri, ++version, line, character, key);
      character += 1;
      await server.complete(uri, line, character, false);
      times.push(performance.now() - start);
    }
  }
  return { times: times.slice(20), asked: requests() - before };
}

function lineOf(index: number): string {
  const bodies = [
    `export function measure${index}(left: Box, right: Box): number {`,
    `  const width = left.width + right.width * ${index % 7};`,
    `  return width > 0 ? width : scaleOf(left);`,
    `}`,
    ``,
  ];
  return bodies[index % bodies.length] ?? "";
}
