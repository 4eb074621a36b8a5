import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { logResult } from "../../../server/completion/logResult.ts";
import type { CompletionResult } from "../../../server/completion/types.ts";
import { createLogFile } from "../../../server/logs/logFile.ts";
import { createLogger } from "../../../server/logs/logger.ts";
import { readPrivateFacts } from "../../../server/logs/privateFacts.ts";
import { createRedact } from "../../../server/logs/redact.ts";
import type { LogLevel } from "../../../server/protocol/logs.ts";

const budgetMs = 0.2;
const requests = 20_000;
const rounds = 5;

const usage = {
  ...{ queueMs: 0.413, prefillMs: 12.77, decodeMs: 88.123456 },
  ...{ evaluatedTokens: 14, reusedTokens: 812, generatedTokens: 21 },
};
const result: CompletionResult = {
  kind: "suggestion",
  suggestion: { text: "", start: 0, end: 0, probability: 0.71234, source: "model" },
  usage,
};

/**
 * What the log costs the main thread for one key: the records of a request that was answered, at
 * each level, with redaction, serialisation and the writing to the file.
 */
export async function benchLogging(): Promise<void> {
  for (const level of ["info", "debug"] as const) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await measure(level));
    const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
    const verdict = median <= budgetMs ? "ok" : "TOO SLOW";
    const most = Math.max(...times);
    console.log(
      `  log.level ${level}: ${median.toFixed(4)} ms a request, at most ${most.toFixed(4)} in ${rounds} rounds (≤ ${budgetMs} ms: ${verdict})`,
    );
    if (median > budgetMs) process.exitCode = 1;
  }
}

async function measure(level: LogLevel): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const file = createLogFile({
    ...{ folder, name: `server-${process.pid}` },
    maxTotalBytes: () => 50 * 1024 * 1024,
  });
  const redact = createRedact(readPrivateFacts());
  const logger = createLogger({
    ...{ service: "server", sinks: [file], level: () => level },
    redact: (text) => redact(text).text,
    now: () => new Date(),
  });
  const log = logger.for("completion");
  let spent = 0;
  try {
    // In portions, so that the file is written by its timer as in life.
    for (let done = 0; done < requests; done += 1000) {
      const before = performance.now();
      for (let count = 0; count < 1000; count += 1) {
        const requestId = `s2f-${done + count}`;
        log.debug("asked", { requestId, trigger: "automatic", language: "typescript" });
        log.info("generated", { requestId, priority: "typing", keptWindow: true, ...usage });
        logResult(
          { event: (name, fields) => log.info(name, fields) },
          {
            document: { uri: "", path: "", languageId: "typescript", version: 1, text: "" },
            ...{ offset: 0, trigger: "automatic", requestId },
          },
          ...([result, usage, 101.5] as const),
        );
      }
      spent += performance.now() - before;
      const flushed = performance.now();
      file.flush();
      spent += performance.now() - flushed;
      await pause(0);
    }
    return spent / requests;
  } finally {
    file.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
